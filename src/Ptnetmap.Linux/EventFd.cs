using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>A non-blocking event counter (<c>eventfd(2)</c>): a kick or an interrupt.</summary>
public sealed class EventFd : IDisposable
{
    private const int NonBlock = 0x800;
    private const int Cloexec = 0x80000;

    private readonly bool _shared;

    /// <summary>Makes a counter at 0.</summary>
    /// <exception cref="LinuxException">No descriptor left (<c>ulimit -n</c>).</exception>
    public EventFd()
    {
        int number = Libc.EventFd(0, NonBlock | Cloexec);
        Descriptor = number >= 0
            ? new FileDescriptor(number)
            : throw LinuxException.Last("eventfd", "raise the limit on open files (ulimit -n)");
    }

    /// <summary>Takes over an eventfd that somebody else made.</summary>
    /// <param name="descriptor">Of an eventfd.</param>
    /// <param name="shared">A process that is not trusted has it too and may change its flags: <see cref="Signal"/>
    /// then goes a way that cannot block (<see cref="CanSignalShared"/>), and costs half a microsecond more.</param>
    public EventFd(FileDescriptor descriptor, bool shared = false)
    {
        Descriptor = descriptor;
        _shared = shared;
    }

    /// <summary>Makes several counters at 0: all, or none.</summary>
    /// <exception cref="LinuxException">Not so many descriptors are left (<c>ulimit -n</c>).</exception>
    public static EventFd[] Make(int count)
    {
        var made = new List<EventFd>(count);
        try
        {
            while (made.Count < count)
            {
                made.Add(new EventFd());
            }

            return [.. made];
        }
        catch
        {
            made.ForEach(one => one.Dispose());
            throw;
        }
    }

    /// <summary>True where shared counters can be signalled so that nobody can block it: the kernel has asynchronous
    /// I/O. Elsewhere they are written to.</summary>
    public static bool CanSignalShared => AioSignal.IsAvailable;

    /// <summary>Measures what signals cost, of a counter that is shared; null: they are not measured.</summary>
    public SignalMeter? Meter { get; init; }

    /// <summary>The descriptor, for epoll, KVM and for passing on.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Adds one: wakes whoever waits. A full counter (2^64-2 unread signals) needs no more. Nothing happens
    /// when it is closed, also just now: a guest's thread may signal a port that is being taken away from it.</summary>
    public void Signal()
    {
        if (Descriptor.TryHold())
        {
            AddOne();
            Descriptor.LetGo();
        }
    }

    /// <summary>Takes what is there; false when nothing was, or when it is closed.</summary>
    public unsafe bool TryConsume()
    {
        if (!Descriptor.TryHold())
        {
            return false;
        }

        ulong count;
        bool taken = Libc.Read(Descriptor.Number, &count, sizeof(ulong)) == sizeof(ulong);
        Descriptor.LetGo();
        return taken;
    }

    /// <summary>Waits until the counter is above 0 and takes it; false when <paramref name="timeout"/> ran
    /// out.</summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    public bool Wait(TimeSpan timeout)
    {
        ReadOnlySpan<int> one = [Descriptor.Number];
        return Poll.WaitAny(one, timeout) >= 0 && TryConsume();
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private void AddOne()
    {
        if (Meter is not { } meter)
        {
            Write();
            return;
        }

        (bool ByCpu, long At) begun = meter.Begin();
        Write();
        meter.End(begun);
    }

    private unsafe void Write()
    {
        if (_shared && AioSignal.TrySignal(Descriptor.Number))
        {
            return;
        }

        ulong one = 1;
        while (Libc.Write(Descriptor.Number, &one, sizeof(ulong)) < 0 && Marshal.GetLastPInvokeError() == Libc.EIntr)
        {
        }
    }
}
