using System.Runtime.InteropServices;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Measuring;

/// <summary>Ctrl-C and SIGTERM: the first one ends the run in good order, a second one the process at once. Also what a
/// measuring thread sleeps in: it wakes early when asked to stop, and allocates nothing.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly EventFd _event = new();
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile bool _requested;

    /// <summary>Starts to listen.</summary>
    internal StopSignal() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
    ];

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

        _event.Dispose();
        _source.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = !_requested;
        _requested = true;
        _event.Signal();
        _source.Cancel();
    }
}
