using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Lab.Yardsticks;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench rtt</c>.</summary>
internal static class RttCommand
{
    private const string Lesson =
        """
        One guest sends a frame, the other sends it back, and so on: one frame under way at a time. Every hop ends with
        somebody asleep who has to be woken, so this shows what a wake-up costs, not what a packet costs. Times are of
        the pinging guest's own clock, in microseconds; the rate is round trips.

        VMs go on looking for --guest-patience before they sleep, but only where their last wait was no longer: what
        KVM's halt polling does for a guest that halts, for as long by default. So they are awake while answers are
        quick, and asleep while nothing comes. 0 has them sleep each time. --guest-spin makes guests look longer in
        every wait: faster answers for more CPU.

        Examples:
          ptnet bench rtt                             the default policy sleeps
          ptnet bench rtt --guest-patience 0          and so do the guests, after each frame
          ptnet bench rtt --against kernel-udp        in turn with what the kernel's network takes (as root)
          ptnet bench rtt --policy spin               the host polls: a core for it
          ptnet bench rtt --guest-spin 20000 --workers 1
        """;

    // Round trips have one frame under way: long rings would only take memory.
    private const int Slots = 256;

    // KVM's own halt_poll_ns on x86.
    private const long HaltPollingMicroseconds = 200;

    private const string Nothing = "nothing";
    private const string KernelUdp = "kernel-udp";

    internal static Command Create()
    {
        var options = new BenchOptions();
        Option<string> against = Choice.Word(
            "--against", "What is measured in turn with the runs: the kernel's UDP over veth and a bridge (root).",
            Nothing, Nothing, KernelUdp);
        Option<long> patience = BenchOptions.PatienceOption(HaltPollingMicroseconds);
        var command = new TeachingCommand("rtt", "Round-trip times of one frame between two guests", Lesson)
        {
            options.Via, options.Guests, options.Frame, options.Seconds, options.Runs, options.Policy,
            options.GuestSpin, patience, options.Workers, options.Pin, options.HugePages, against, options.Json,
        };
        command.SetAction(parsed =>
        {
            BedSettings settings = options.ReadSettings(parsed) with
            {
                SlotsWanted = Slots,
                Burst = 1,
                Ping = true,
                GuestPatience = TimeSpan.FromMicroseconds(parsed.GetValue(patience)),
            };
            using UdpRoundTrips? udp = string.Equals(parsed.GetValue(against), KernelUdp, StringComparison.Ordinal)
                ? new UdpRoundTrips(settings.Frame)
                : null;
            RunTimes times = options.ReadTimes(parsed);
            Yardstick? yardstick = udp is null ? null : new Yardstick(
                "the kernel's UDP over veth and a bridge", () => udp.Measure(times.WarmUp, times.Window));
            return BenchAction.Run("rtt", settings, options, parsed, Layouts.PingPong, yardstick);
        });
        return command;
    }
}
