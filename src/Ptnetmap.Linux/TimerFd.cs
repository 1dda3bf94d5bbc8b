namespace Ptnetmap.Linux;

/// <summary>A one-shot timer with a descriptor (<c>timerfd_create(2)</c>, monotonic clock).</summary>
public sealed class TimerFd : IDisposable
{
    private const int ClockMonotonic = 1;
    private const int NonBlockCloexec = 0x800 | 0x80000;

    /// <summary>Makes a timer that is not set.</summary>
    public TimerFd()
    {
        int number = Libc.TimerFdCreate(ClockMonotonic, NonBlockCloexec);
        Descriptor = number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last("timerfd_create");
    }

    /// <summary>The descriptor, readable once the time has come.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Fires once, <paramref name="nanoseconds"/> from now; replaces an earlier setting. 0 unsets
    /// it.</summary>
    public unsafe void Set(long nanoseconds)
    {
        var value = new IntervalTimer { Value = TimeSpec.FromNanoseconds(nanoseconds) };
        if (Libc.TimerFdSetTime(Descriptor.Number, 0, &value, null) != 0)
        {
            throw LinuxException.Last("timerfd_settime");
        }
    }

    /// <summary>Takes an expiry; false when it has not fired.</summary>
    public unsafe bool TryConsume()
    {
        ulong count;
        return Libc.Read(Descriptor.Number, &count, sizeof(ulong)) == sizeof(ulong);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
