using System.Diagnostics;
using Ptnetmap.Client;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>Runs programs, a thread each, until all are finished, the time is up or a signal comes.</summary>
internal sealed class GuestRun : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    private readonly StopRequest _stop;
    private readonly GuestThread[] _threads;
    private readonly Stopwatch _watch = new();

    /// <summary>Starts nothing yet.</summary>
    /// <param name="stop">Ends the run early; taken over.</param>
    /// <param name="programs">What to run.</param>
    internal GuestRun(StopRequest stop, params GuestProgram[] programs)
    {
        _stop = stop;
        _threads = [.. programs.Select((program, i) => new GuestThread(program, $"ptnet-guest-{i}"))];
    }

    internal double Seconds => _watch.Elapsed.TotalSeconds;

    internal bool Interrupted => _stop.IsRequested;

    /// <summary>Runs.</summary>
    /// <param name="seconds">How long at most; 0 for ever.</param>
    /// <exception cref="IOException">A program failed.</exception>
    internal void Run(double seconds)
    {
        TimeSpan limit = seconds == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        _watch.Start();
        Array.ForEach(_threads, thread => thread.Start());
        while (_watch.Elapsed < limit && !_stop.IsRequested && !JoinAll(Slice))
        {
        }

        _watch.Stop();
        Array.ForEach(_threads, thread => thread.Stop());
    }

    /// <summary>Waits until the host has taken what was sent: it leaves a stopped port's rings alone.</summary>
    /// <returns>Packets that it did not take in ten seconds.</returns>
    internal long Drain(IReadOnlyList<TxRing> rings)
    {
        var drain = Stopwatch.StartNew();
        long left;
        while ((left = rings.Sum(ring => (long)ring.Pending)) != 0 && drain.Elapsed < DrainLimit && !_stop.IsRequested)
        {
            // There is no event for "all gone": interrupts come when there is room.
            _ = _stop.Wait(TimeSpan.FromMilliseconds(1));
        }

        return left;
    }

    public void Dispose()
    {
        Array.ForEach(_threads, thread => thread.Dispose());
        _stop.Dispose();
    }

    // One thread that fails ends the run, whatever the others do.
    private bool JoinAll(TimeSpan slice)
    {
        bool all = true;
        foreach (GuestThread thread in _threads)
        {
            all &= thread.Failure is { } failure
                ? throw new IOException($"the program failed: {failure.Message}", failure)
                : thread.Join(slice);
        }

        return all;
    }
}
