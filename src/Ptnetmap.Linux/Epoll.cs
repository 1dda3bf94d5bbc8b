using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>An epoll instance (<c>epoll(7)</c>), level-triggered.</summary>
public sealed class Epoll : IDisposable
{
    private const int Cloexec = 0x80000;
    private const int Add = 1;
    private const int Delete = 2;
    private const int Modify = 3;
    private const uint In = 1;
    private const uint Urgent = 2;
    private const uint Out = 4;
    private const uint OneShot = 1u << 30;

    private readonly FileDescriptor _file;

    /// <summary>Makes an empty one.</summary>
    public Epoll()
    {
        int number = Libc.EpollCreate1(Cloexec);
        _file = number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last("epoll_create1");
    }

    /// <summary>Readable while one of the watched has an event: epoll instances can be watched by others.</summary>
    public FileDescriptor Descriptor => _file;

    /// <summary>Watches <paramref name="descriptor"/> for input; <paramref name="tag"/> comes back with its
    /// events.</summary>
    public void Watch(FileDescriptor descriptor, ulong tag) => Control(Add, "add", descriptor, In, tag);

    /// <summary>Watches <paramref name="descriptor"/> for input until there is one event (<c>EPOLLONESHOT</c>); what
    /// waits already is one. <see cref="WatchOnceMore"/> goes on.</summary>
    public void WatchOnce(FileDescriptor descriptor, ulong tag) => Control(Add, "add", descriptor, In | OneShot, tag);

    /// <summary>Watches <paramref name="descriptor"/> for what is urgent (<c>EPOLLPRI</c>): the way that files below
    /// <c>/proc</c> tell of changes.</summary>
    public void WatchUrgent(FileDescriptor descriptor, ulong tag) => Control(Add, "add", descriptor, Urgent, tag);

    /// <summary>Watches what has had its event until there is one more.</summary>
    public void WatchOnceMore(FileDescriptor descriptor, ulong tag) =>
        Control(Modify, "modify", descriptor, In | OneShot, tag);

    /// <summary>Watches a descriptor that is watched already for room to write, in place of input, or the other way
    /// round.</summary>
    public void WatchInstead(FileDescriptor descriptor, ulong tag, bool output) =>
        Control(Modify, "modify", descriptor, output ? Out : In, tag);

    /// <summary>Stops watching <paramref name="descriptor"/>.</summary>
    public void Unwatch(FileDescriptor descriptor)
    {
        if (!TryUnwatch(descriptor))
        {
            throw LinuxException.Last("epoll_ctl(delete)");
        }
    }

    /// <summary>Stops watching <paramref name="descriptor"/>.</summary>
    /// <returns>False when it was not watched.</returns>
    public unsafe bool TryUnwatch(FileDescriptor descriptor)
    {
        EpollEvent none;
        return Libc.EpollCtl(_file.Number, Delete, descriptor.Number, &none) == 0;
    }

    /// <summary>Waits for events; a negative timeout waits for ever, 0 looks only.</summary>
    /// <returns>How many of <paramref name="events"/> were filled; 0 on a timeout or a signal.</returns>
    public unsafe int Wait(Span<EpollEvent> events, int timeoutMilliseconds)
    {
        fixed (EpollEvent* first = events)
        {
            int count = Libc.EpollWait(_file.Number, first, events.Length, timeoutMilliseconds);
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.EIntr)
            {
                throw LinuxException.Last("epoll_wait");
            }

            return Math.Max(count, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private unsafe void Control(int operation, string name, FileDescriptor descriptor, uint events, ulong tag)
    {
        var change = new EpollEvent { Events = events, Tag = tag };
        if (Libc.EpollCtl(_file.Number, operation, descriptor.Number, &change) != 0)
        {
            throw LinuxException.Last($"epoll_ctl({name})");
        }
    }
}
