using System.Runtime.InteropServices;
using Ptnetmap.Cli.CommandLine;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>What signals make of a run, without sending one.</summary>
public class StopSignalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_end_that_takes_too_long_is_given_up_and_told()
    {
        var told = new TaskCompletionSource<string>();
        using var stop = new StopSignal(null, TimeSpan.FromMilliseconds(1), told.SetResult, TimeProvider.System);

        Assert.True(Send(stop));

        Assert.Contains("is given up", await told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.True(stop.IsRequested && stop.Wait(Patience) && stop.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_second_signal_ends_the_process_when_it_is_no_echo_of_the_first()
    {
        var clock = new StepClock();
        using var stop = new StopSignal(null, Patience, _ => { }, clock);

        Assert.True(Send(stop));
        Assert.True(Send(stop));
        clock.Now += StopSignal.Repeat.Ticks - 1;
        Assert.True(Send(stop));
        clock.Now++;
        Assert.False(Send(stop));
    }

    [Fact]
    public void A_signal_that_the_runtime_has_no_thread_for_ends_the_run_too()
    {
        using var stop = new StopSignal(null, Patience, _ => { }, TimeProvider.System);

        Assert.True(StopSignal.TryRequest());

        Assert.True(stop.IsRequested);
    }

    // True when the process goes on.
    private static bool Send(StopSignal stop)
    {
        var context = new PosixSignalContext(PosixSignal.SIGTERM);
        stop.OnSignal(context);
        return context.Cancel;
    }

    private sealed class StepClock : TimeProvider
    {
        internal long Now { get; set; } = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
