using Ptnetmap.Linux;

namespace Ptnetmap.Lab.Measuring;

/// <summary>Somebody may ask for the end of what is under way. Also what a measuring thread sleeps in: it wakes early
/// when asked to stop, and allocates nothing.</summary>
public class StopRequest : IDisposable
{
    private readonly EventFd _event = new();
    private readonly CancellationTokenSource _source = new();
    private volatile bool _requested;

    /// <summary>It was asked for.</summary>
    public bool IsRequested => _requested;

    /// <summary>Cancelled when it is asked for.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Asks for it.</summary>
    public void Request()
    {
        _requested = true;
        _event.Signal();
        _source.Cancel();
    }

    /// <summary>Sleeps for <paramref name="time"/>, or until the end is asked for.</summary>
    /// <returns>True when it was asked for, now or before.</returns>
    public bool Wait(TimeSpan time)
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
    public virtual void Dispose()
    {
        _event.Dispose();
        _source.Dispose();
        GC.SuppressFinalize(this);
    }
}
