using System.Runtime.InteropServices;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Measuring;

/// <summary>Ctrl-C, SIGTERM, and SIGHUP where a terminal that goes is to end the run: the first one ends it in good order. A
/// second one ends the process at once, but only after <see cref="Repeat"/>: <c>timeout</c> and shells send a signal to the process and to its
/// group, twice within milliseconds. Whatever the end waits for, after <see cref="LastResort"/> the process is gone. Also what a
/// measuring thread sleeps in: it wakes early when asked to stop, and allocates nothing.</summary>
internal sealed class StopSignal : IDisposable
{
    /// <summary>A second signal within this time is the first one's echo.</summary>
    internal static readonly TimeSpan Repeat = TimeSpan.FromSeconds(2);

    /// <summary>The longest that the end may take.</summary>
    internal static readonly TimeSpan LastResort = TimeSpan.FromSeconds(60);

    private readonly EventFd _event = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly CancellationTokenSource _source = new();
    private readonly Action? _hangUp;
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _requested;
    private long _first;

    /// <summary>Starts to listen.</summary>
    /// <param name="hangUp">What to do on SIGHUP instead of stopping.</param>
    internal StopSignal(Action? hangUp = null)
    {
        _hangUp = hangUp;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp),
        ];
    }

    /// <summary>A signal came.</summary>
    internal bool IsRequested => _requested;

    /// <summary>Cancelled when a signal comes.</summary>
    internal CancellationToken Token => _source.Token;

    /// <summary>Sleeps for <paramref name="time"/>, or until a signal comes.</summary>
    /// <returns>True when a signal came, now or before.</returns>
    internal bool Wait(TimeSpan time)
    {
        long until = LinuxThread.MonotonicNanoseconds + (long)time.TotalNanoseconds;
        while (!_requested)
        {
            long left = until - LinuxThread.MonotonicNanoseconds;
            if (left <= 0)
            {
                return false;
            }

            // Ends early also for signals of the runtime's own: hence the loop.
            _ = _event.Wait(TimeSpan.FromTicks((left / TimeSpan.NanosecondsPerTick) + 1));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _ended.Set();
        _event.Dispose();
        _source.Dispose();
    }

    private void OnHangUp(PosixSignalContext context)
    {
        if (_hangUp is null)
        {
            OnSignal(context);
            return;
        }

        context.Cancel = true;
        _hangUp();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_requested)
        {
            context.Cancel = Environment.TickCount64 - Volatile.Read(ref _first) < Repeat.TotalMilliseconds;
            return;
        }

        context.Cancel = true;
        Volatile.Write(ref _first, Environment.TickCount64);
        _requested = true;
        new Thread(WaitForEnd) { Name = "ptnet-last-resort", IsBackground = true }.Start();
        _event.Signal();
        _source.Cancel();
    }

    // A thread of its own: those of the pool may be what does not end.
    private void WaitForEnd()
    {
        if (!_ended.Wait(LastResort))
        {
            LastCatch.Tell($"the end has taken {LastResort.TotalSeconds:0} s and is given up: what is left is undone by the next start");
            ProcessEnd.Now(CommandLine.ExitCode.Failure);
        }
    }
}
