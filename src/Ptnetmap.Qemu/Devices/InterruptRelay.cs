using Ptnetmap.Linux;

namespace Ptnetmap.Qemu.Devices;

/// <summary>Signals a client's eventfds on a thread of its own, which takes no more than a tenth of a processor for it:
/// for clients whose eventfds are dear to signal (<see cref="SignalMeter"/>). Workers signal a door, which costs what
/// it always costs. What is signalled while the thread rests comes together, as interrupts do.</summary>
internal sealed class InterruptRelay : IDisposable
{
    /// <summary>Nanoseconds of rest for each one of work.</summary>
    internal const int Rest = 9;

    private const ulong ControlTag = ulong.MaxValue;
    private const int NanosecondsPerTick = 100;
    private const int EventsAtOnce = 64;

    // The longest rest: a signal that takes longer than a tenth of it is too rare to matter.
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Epoll _epoll = new();
    private readonly EventFd _control = new();
    private readonly EventFd[] _doors;
    private readonly EventFd?[] _clients;
    private readonly SignalMeter _meter;
    private readonly Thread _thread;
    private volatile int _cheapInARow;
    private volatile bool _stop;

    internal InterruptRelay(int count, SignalMeter meter)
    {
        _meter = meter;
        _clients = new EventFd?[count];
        _doors = [];
        try
        {
            _doors = EventFd.Make(count);
            _epoll.Watch(_control.Descriptor, ControlTag);
            for (int i = 0; i < count; i++)
            {
                _epoll.Watch(_doors[i].Descriptor, (ulong)i);
            }

            _thread = LinuxThread.Start(new Thread(Run) { Name = "ptnet-relay", IsBackground = true });
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>True when the client's eventfds have been cheap for a while.</summary>
    internal bool IsCheap => _cheapInARow >= 100;

    /// <summary>What workers signal in place of vector <paramref name="index"/>.</summary>
    internal FileDescriptor Door(int index) => _doors[index].Descriptor;

    /// <summary>What is signalled by that door from now on; null: nothing.</summary>
    internal void Set(int index, FileDescriptor? client)
    {
        EventFd? copy = client is null ? null : new EventFd(client.Duplicate(), shared: true);
        lock (_lock)
        {
            _clients[index]?.Dispose();
            _clients[index] = copy;
        }
    }

    public void Dispose()
    {
        _stop = true;
        _control.Signal();
        _thread.Join();
        Close();
    }

    private void Close()
    {
        Array.ForEach(_doors, door => door.Dispose());
        Array.ForEach(_clients, client => client?.Dispose());
        _epoll.Dispose();
        _control.Dispose();
    }

    private void Run()
    {
        var events = new EpollEvent[EventsAtOnce];
        while (!_stop)
        {
            int count = _epoll.Wait(events, -1);
            for (int i = 0; i < count && !_stop; i++)
            {
                if (events[i].Tag != ControlTag && _doors[events[i].Tag].TryConsume())
                {
                    HandOn((int)events[i].Tag);
                }
            }
        }
    }

    private void HandOn(int index)
    {
        long begun = _meter.CpuNow;
        lock (_lock)
        {
            _clients[index]?.Signal();
        }

        long used = _meter.CpuNow - begun;
        _cheapInARow = used < SignalMeter.Dear ? Math.Min(_cheapInARow + 1, int.MaxValue - 1) : 0;
        var rest = TimeSpan.FromTicks(used * Rest / NanosecondsPerTick);
        _ = _control.Wait(rest < LongestRest ? rest : LongestRest);
    }
}
