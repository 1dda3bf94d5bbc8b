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
          ptnet bench v2v --senders 8 --receivers 1            8 to 1: what the receiver gets, how evenly the senders share
          ptnet bench v2v --receivers 8                        1 to 8, a frame to each in turn; --turn 256: in bursts
          ptnet bench v2v --senders 4 --receivers 4            crosswise: each of 4 to each of 4
          ptnet bench v2v --broadcast --receivers 8            each frame to all 8; rate and Mpps are copies a second
          ptnet bench v2v --receivers 1 --stalled-receivers 1  one that reads beside one that never does
          ptnet bench v2v --via vale --idle-ports 200          200 more ports whose guests sleep: they should cost nothing

        Senders and receivers by number (--senders, --receivers, --broadcast and those below them) are on a VALE
        switch and have no pairs. Sender n begins with receiver n and sends --turn frames to each receiver in turn,
        the stalled and slow ones among them. received is what the receivers have read themselves, sent what the
        switch took, each drop is counted by its reason: received, unread in a ring, and dropped add up to what was
        sent, or to its copies. Their spread, slowest to fastest, says how fair it is. Stalled and slow receivers are
        threads, whatever the guests are. What one that never reads costs the other: --broadcast --stalled-receivers 1
        against --broadcast alone, where the other gets every frame both times (receivers, .receivers_mpps.sum).

        A pipe never loses a frame: a full receiver stops the sender. A VALE switch waits as well, but for 20 ms at
        most that the receiver takes nothing (patience_us in ptnet.toml); what it drops then is under drops. loss has
        its percentiles over intervals of 10 ms, of all runs: a few bad moments, or a bit all the time.

        Why the defaults: 16384 slots make one wake-up (tens of microseconds) worth thousands of packets; of larger
        frames as many as keep a ring within 3 MiB, so that they stay in the processor's caches. A burst of 256 lets
        the receiver work beside the sender. Guests are bound to a CPU each where there are enough: some
        schedulers pack both onto one. spin-then-sleep looks around for 2 us before it sleeps: longer spinning takes the core
        from whoever would bring the next packet.
        """;

    internal static Command Create()
    {
        var options = new BenchOptions(linux: true);
        var fan = new FanOptions(options);
        var command = new TeachingCommand(
            "v2v", "Packets a second from guest to guest, through a pipe or a switch", Lesson)
        {
            options.Via, options.Guests, options.Frame, options.Slots, options.Burst, options.Rings, options.Pairs,
            options.Rate, options.Packets, options.Verify, options.BothWays, options.Seconds, options.Runs,
            options.Policy, options.GuestSpin, options.Workers, options.Pin, options.HugePages, options.Scrape,
            options.Json,
        };
        command.SetAction(parsed =>
        {
            BedSettings settings = fan.Read(parsed);
            return BenchAction.Run(
                "v2v", settings, options, parsed, settings.Fan is null ? Layouts.Pairs : FanLayouts.Fan);
        });
        return options.Linux.AddTo(fan.AddTo(command));
    }
}
