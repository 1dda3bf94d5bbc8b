using System.Diagnostics;

namespace Ptnetmap.Linux;

/// <summary>Finds out whether signalling somebody else's eventfd is dear: the kernel wakes all who watch it on the time
/// of whoever signals, and how many watch is its owner's choice. Measured by the clock first, which also counts time in
/// which the thread did not run; one that took long is looked at by the thread's own CPU time from then on. Many
/// threads may use it at a time: what they lose of each other's counts makes it later by a signal.</summary>
/// <param name="wall">The clock, in nanoseconds; null: the system's.</param>
/// <param name="cpu">CPU time of the calling thread, in nanoseconds; null: the kernel's.</param>
public sealed class SignalMeter(Func<long>? wall = null, Func<long>? cpu = null)
{
    /// <summary>From so many nanoseconds on the next signals are looked at more closely.</summary>
    public const long Suspicious = 200_000;

    /// <summary>From so many nanoseconds of CPU time on a signal is dear; one that a VM waits for takes a few
    /// thousand.</summary>
    public const long Dear = 100_000;

    /// <summary>So many dear ones, and it is no accident.</summary>
    public const int Times = 3;

    // So many cheap ones, and all is forgotten.
    private const int Cheap = 1000;

    private readonly Func<long> _wall = wall ?? (() => (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds);
    private readonly Func<long> _cpu = cpu ?? (() => LinuxThread.CpuNanoseconds);
    private volatile bool _isSuspect;
    private volatile bool _isDear;
    private int _dear;
    private int _cheap;

    /// <summary>True once it was found dear, until <see cref="Reset"/>.</summary>
    public bool IsDear => _isDear;

    /// <summary>Signalled when it was found dear; null: nobody is told.</summary>
    public EventFd? News { get; init; }

    /// <summary>CPU time of the calling thread, in nanoseconds.</summary>
    public long CpuNow => _cpu();

    /// <summary>Starts anew.</summary>
    public void Reset()
    {
        _dear = 0;
        _cheap = 0;
        _isSuspect = false;
        _isDear = false;
    }

    internal (bool ByCpu, long At) Begin()
    {
        bool byCpu = _isSuspect;
        return (byCpu, byCpu ? _cpu() : _wall());
    }

    internal void End((bool ByCpu, long At) begun)
    {
        if (!begun.ByCpu)
        {
            _isSuspect |= _wall() - begun.At >= Suspicious;
            return;
        }

        if (_cpu() - begun.At < Dear)
        {
            Forgive();
        }
        else if (++_dear >= Times && !_isDear)
        {
            _isDear = true;
            News?.Signal();
        }
    }

    private void Forgive()
    {
        if (++_cheap >= Cheap)
        {
            _cheap = 0;
            _dear = 0;
            _isSuspect = false;
        }
    }
}
