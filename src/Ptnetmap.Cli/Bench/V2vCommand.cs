using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench v2v</c>.</summary>
internal static class V2vCommand
{
    private const string Lesson =
        """
        Examples:
          ptnet bench v2v --via pipe                           trusted VMs: one region, slots are swapped
          ptnet bench v2v --via vale                           strangers: a region each, frames are copied
          ptnet bench v2v --verify --packets 100M --runs 1     every frame checked; lost must be 0 on a pipe
          ptnet bench v2v --via vale --frame 1500              large frames
          ptnet bench v2v --pairs 8 --guests thread            16 guests on as many cores as there are
          ptnet bench v2v --guests qemu --runs 1               Linux VMs under QEMU, with 'ptnet guest pkt-gen' in them
          ptnet bench v2v --json - | jq .mpps

        A pipe never loses a frame: a full receiver stops the sender. A VALE switch drops for a receiver that is
        too slow, and says so under drops.

        Why the defaults: 16384 slots make one wake-up (tens of microseconds) worth thousands of packets; from
        512 bytes on 4096 (pipe) or 2048 (switch) keep the buffers in the processor's cache. A burst of 256 lets
        the receiver work beside the sender. Guests are bound to a CPU each where there are enough: some
        schedulers pack both onto one. spin-then-sleep looks around for 2 us before it sleeps: longer spinning takes the core
        from whoever would bring the next packet.
        """;

    internal static Command Create()
    {
        var options = new BenchOptions(linux: true);
        var command = new TeachingCommand(
            "v2v", "Packets a second from guest to guest, through a pipe or a switch", Lesson)
        {
            options.Via, options.Guests, options.Frame, options.Slots, options.Burst, options.Rings, options.Pairs,
            options.Rate, options.Packets, options.Verify, options.BothWays, options.Seconds, options.Runs,
            options.Policy, options.GuestSpin, options.Workers, options.Pin, options.HugePages, options.Scrape,
            options.Json,
        };
        command.SetAction(parsed => BenchAction.Run("v2v", options, parsed, Layouts.Pairs));
        return options.Linux.AddTo(command);
    }
}
