using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Devices;

/// <summary>The interrupts of a ptnet device: a vector of MSI-X a ring, signalled by the workers themselves, or the
/// pin, for guests that cannot use MSI-X from user space. The pin is a level: up until the guest has read its status,
/// so it is kept here and the device thread signals it.</summary>
/// <param name="options">What the device is made of.</param>
/// <param name="config">Shows whether the pin is up.</param>
internal sealed class PtnetInterrupts(PtnetOptions options, ConfigSpace config) : IDisposable
{
    private readonly InterruptVectors _vectors = new(
        options.Port.Memory.Shape.Rings, options.Quiescence, options.Wall, options.Cpu);

    private EventFd? _pinClient;
    private bool _pinPending;
    private bool _pinMasked;

    /// <summary>Readable when <see cref="Serve"/> is to be called.</summary>
    internal EventFd Attention => _vectors.Pin;

    /// <summary>What the workers signal, one a ring.</summary>
    internal EventFd[] Outlets => _vectors.Outlets;

    /// <summary>True while the client's eventfds are signalled by a thread of their own.</summary>
    internal bool AreDear => _vectors.IsRelayed;

    internal InterruptKind Kind =>
        _vectors.HasVectors ? InterruptKind.Msix : _pinClient is not null ? InterruptKind.Intx : InterruptKind.None;

    public void Dispose()
    {
        _pinClient?.Dispose();
        _vectors.Dispose();
    }

    internal uint Count(IrqIndex index) => index switch
    {
        IrqIndex.Intx => 1,
        IrqIndex.Msix => (uint)_vectors.Outlets.Length,
        _ => 0,
    };

    /// <summary>What <see cref="Attention"/> was signalled for.</summary>
    internal void Serve()
    {
        bool raised = _vectors.Pin.TryConsume();
        if (_vectors.RelayIfDear())
        {
            options.InterruptsDear?.Invoke();
        }

        if (raised && _pinClient is not null)
        {
            _pinPending = true;
            config.IsInterruptPending = true;
            FirePin();
        }
    }

    /// <summary><c>VFIO_USER_DEVICE_SET_IRQS</c> for one of the two kinds. Descriptors that are taken over are removed
    /// from the list.</summary>
    /// <exception cref="VfioUserException">Refused.</exception>
    internal void Set(in IrqSet set, ReadOnlySpan<byte> data, List<FileDescriptor> descriptors)
    {
        uint kind = set.Flags & IrqSet.DataMask;
        uint action = set.Flags & ~IrqSet.DataMask;
        uint count = Count(set.Index);
        if (kind is not (IrqSet.DataNone or IrqSet.DataBool or IrqSet.DataEventFd)
            || action is not (IrqSet.Mask or IrqSet.Unmask or IrqSet.Trigger)
            || set.Start > count || set.Count > count - set.Start)
        {
            throw new VfioUserException(
                "SET_IRQS: flags " +
                $"{set.Flags:x}, {set.Count} of kind {set.Index} from {set.Start}, of which there are {count}");
        }

        if (kind == IrqSet.DataBool && data.Length < set.Count)
        {
            throw new VfioUserException(
                $"SET_IRQS: {Quantity.Of(data.Length, "byte")} of data for {Quantity.Of(set.Count, "interrupt")}");
        }

        if (action != IrqSet.Trigger)
        {
            MaskPin(set, data, action == IrqSet.Mask);
        }
        else if (kind == IrqSet.DataEventFd)
        {
            SetEventFds(set, descriptors);
        }
        else if (kind == IrqSet.DataNone && set.Count == 0)
        {
            Disable(set.Index);
        }
        else
        {
            SignalByHand(set, data);
        }
    }

    /// <summary>Gives up what the client brought.</summary>
    internal void ForgetClient()
    {
        Disable(IrqIndex.Msix);
        Disable(IrqIndex.Intx);
        _vectors.ForgetClient();
    }

    /// <summary>Reads whether the pin is up, which takes it down.</summary>
    internal uint TakePin()
    {
        uint status = _pinPending ? 1u : 0;
        _pinPending = false;
        config.IsInterruptPending = false;
        return status;
    }

    private void SetEventFds(in IrqSet set, List<FileDescriptor> descriptors)
    {
        if (set.Count == 0 || (descriptors.Count != 0 && descriptors.Count != set.Count))
        {
            throw new VfioUserException(
                $"SET_IRQS: {Quantity.Of(descriptors.Count, "descriptor")} for {Quantity.Of(set.Count, "interrupt")}");
        }

        if (set.Index == IrqIndex.Intx)
        {
            SetPinClient(descriptors);
            return;
        }

        // The vector becomes a copy; the descriptor that came is closed with the message.
        for (int i = 0; i < (int)set.Count; i++)
        {
            _vectors.Assign((int)set.Start + i, descriptors.Count == 0 ? null : descriptors[i]);
        }
    }

    private void SetPinClient(List<FileDescriptor> descriptors)
    {
        if (descriptors.Count != 0 && !InterruptVectors.IsEventFd(descriptors[0]))
        {
            throw new VfioUserException("SET_IRQS: the pin is given something else than an eventfd");
        }

        Disable(IrqIndex.Intx);
        if (descriptors.Count != 0)
        {
            _pinClient = new EventFd(descriptors[0], shared: true);
            descriptors.Clear();
            _vectors.UsePin(true);
        }
    }

    private void Disable(IrqIndex index)
    {
        if (index == IrqIndex.Msix)
        {
            for (int i = 0; i < _vectors.Outlets.Length; i++)
            {
                _vectors.Assign(i, null);
            }

            return;
        }

        _vectors.UsePin(false);
        _pinClient?.Dispose();
        _pinClient = null;
        _pinMasked = false;
        _ = TakePin();
    }

    private void MaskPin(in IrqSet set, ReadOnlySpan<byte> data, bool mask)
    {
        if (set.Index != IrqIndex.Intx || (set.Flags & IrqSet.DataMask) == IrqSet.DataEventFd)
        {
            throw new VfioUserException("SET_IRQS: only the pin can be masked, and not by an eventfd");
        }

        if (IsMeant(set, data, 0))
        {
            _pinMasked = mask;
            FirePin();
        }
    }

    // For a client's self-test: interrupts without a reason.
    private void SignalByHand(in IrqSet set, ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < (int)set.Count; i++)
        {
            if (IsMeant(set, data, i))
            {
                (set.Index == IrqIndex.Intx ? _vectors.Pin : _vectors.Outlets[(int)set.Start + i]).Signal();
            }
        }
    }

    private static bool IsMeant(in IrqSet set, ReadOnlySpan<byte> data, int index) =>
        index < (int)set.Count && ((set.Flags & IrqSet.DataMask) == IrqSet.DataNone || data[index] != 0);

    // Masks itself, until the client says that the guest has been at the device.
    private void FirePin()
    {
        if (_pinPending && !_pinMasked && _pinClient is not null)
        {
            _pinMasked = true;
            _pinClient.Signal();
        }
    }
}
