using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Devices;

/// <summary>The interrupts of a device's rings. Packet workers signal an outlet, whose number never changes; which open
/// file it stands for does: the client's eventfd of that MSI-X vector, our own one of the INTx pin, or one that nobody
/// listens to. The change is one step (<c>dup3</c>), so the workers need no lock and are never in the way.</summary>
public sealed class InterruptVectors : IDisposable
{
    private const string EventFdTarget = "anon_inode:[eventfd]";

    private readonly EventFd[] _idle;
    private readonly bool[] _assigned;
    private readonly Quiescence _quiescence;
    private readonly SignalMeter _meter;
    private InterruptRelay? _relay;
    private bool _usesPin;

    /// <summary>Makes the outlets of <paramref name="count"/> rings.</summary>
    /// <param name="count">How many.</param>
    /// <param name="quiescence">The one of all ports.</param>
    /// <param name="wall">A clock in nanoseconds; null: the system's.</param>
    /// <param name="cpu">CPU time of the calling thread in nanoseconds; null: the kernel's.</param>
    public InterruptVectors(int count, Quiescence quiescence, Func<long>? wall = null, Func<long>? cpu = null)
    {
        _quiescence = quiescence;
        _meter = new SignalMeter(wall, cpu) { News = Pin };
        _assigned = new bool[count];
        _idle = [];
        Outlets = [];
        try
        {
            _idle = EventFd.Make(count);
            Outlets = MakeOutlets();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the workers signal, one a ring.</summary>
    public EventFd[] Outlets { get; }

    /// <summary>Signalled in place of every vector while the pin is used.</summary>
    public EventFd Pin { get; } = new();

    /// <summary>True while the client's eventfds, which were found dear to signal, are signalled by a thread of their
    /// own.</summary>
    public bool IsRelayed => _relay is not null;

    /// <summary>True when the client has given at least one vector an eventfd.</summary>
    public bool HasVectors => Array.Exists(_assigned, assigned => assigned);

    /// <summary>True when what the client passed is an eventfd. It stays the client's as well, with its flags; hence
    /// the outlets are signalled in a way that does not heed them.</summary>
    public static bool IsEventFd(FileDescriptor descriptor) =>
        string.Equals(descriptor.Target, EventFdTarget, StringComparison.Ordinal) && descriptor.TrySetNonBlocking();

    /// <summary>Vector <paramref name="index"/> is signalled by <paramref name="descriptor"/> from now on; null: by
    /// nothing.</summary>
    /// <exception cref="VfioUserException">It is no eventfd.</exception>
    public void Assign(int index, FileDescriptor? descriptor)
    {
        if (descriptor is not null && !IsEventFd(descriptor))
        {
            throw new VfioUserException($"SET_IRQS: vector {index} is given something else than an eventfd");
        }

        _assigned[index] = descriptor is not null;
        _relay?.Set(index, descriptor);
        Turn(index, descriptor is null ? Other(index) : _relay?.Door(index) ?? descriptor);
    }

    /// <summary>Has a thread of their own signal the client's eventfds, when they were found dear.</summary>
    /// <returns>True when that is new.</returns>
    public bool RelayIfDear()
    {
        if (!_meter.IsDear || _relay is not null)
        {
            return false;
        }

        var relay = new InterruptRelay(Outlets.Length, _meter);
        for (int i = 0; i < Outlets.Length; i++)
        {
            if (_assigned[i])
            {
                relay.Set(i, Outlets[i].Descriptor);
                Outlets[i].Descriptor.BecomeCopyOf(relay.Door(i));
            }
        }

        _relay = relay;
        return true;
    }

    /// <summary>The client is gone, and has no eventfd here any more. The next one's are signalled as the last one's
    /// were, unless those were cheap again: who comes back is dear from the start.</summary>
    public void ForgetClient()
    {
        if (_relay is { IsCheap: true } relay)
        {
            _relay = null;
            relay.Dispose();
            _meter.Reset();
        }
    }

    /// <summary>While on, vectors without an eventfd signal <see cref="Pin"/>.</summary>
    public void UsePin(bool on)
    {
        _usesPin = on;
        for (int i = 0; i < Outlets.Length; i++)
        {
            if (!_assigned[i])
            {
                Turn(i, Other(i));
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _relay?.Dispose();
        Array.ForEach(Outlets, outlet => outlet.Dispose());
        Array.ForEach(_idle, idle => idle.Dispose());
        Pin.Dispose();
    }

    private EventFd[] MakeOutlets()
    {
        var outlets = new EventFd[_idle.Length];
        try
        {
            for (int i = 0; i < outlets.Length; i++)
            {
                outlets[i] = new EventFd(_idle[i].Descriptor.Duplicate(), shared: true) { Meter = _meter };
            }

            return outlets;
        }
        catch
        {
            Array.ForEach(outlets, outlet => outlet?.Dispose());
            throw;
        }
    }

    private FileDescriptor Other(int index) => _usesPin ? Pin.Descriptor : _idle[index].Descriptor;

    // What was signalled while nobody listened is handed on, and a pass that is under way signals the one or the other.
    private void Turn(int index, FileDescriptor target)
    {
        Outlets[index].Descriptor.BecomeCopyOf(target);
        if (target != _idle[index].Descriptor)
        {
            _quiescence.Wait();
            if (_idle[index].TryConsume())
            {
                Outlets[index].Signal();
            }
        }
    }
}
