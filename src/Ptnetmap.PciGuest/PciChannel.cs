using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest.Devices;
using Ptnetmap.PciGuest.Interrupts;

namespace Ptnetmap.PciGuest;

/// <summary>A channel to a port that the host passed through to this virtual machine as a ptnet device, without a
/// kernel driver: region and CSB are mapped, a kick is a register write, interrupts come the best way there is.
/// Disposing of it stops the port and detaches the CSB.</summary>
public sealed class PciChannel : GuestChannel, IDisposable
{
    private readonly PtnetDevice _device;
    private readonly InterruptSource _interrupts;
    private readonly GuestCsb _csb;
    private readonly int _rings;
    private bool _disposed;

    /// <summary>Attaches and starts, in the order of the upstream drivers.</summary>
    internal PciChannel(PtnetDevice device, PtnetPort port, MemoryRegion region, PciChannelOptions options)
    {
        _device = device;
        Port = port;
        Region = region;
        _rings = port.TxRings + port.RxRings;

        // A program that was killed may have left the port running, with a CSB that is no more.
        device.Stop();
        device.ForgetCsb();
        _interrupts = InterruptChoice.Make(device, _rings, Csb, options.Interrupts, options.Note);

        // What comes from here on finds the device detached again if it fails.
        try
        {
            _csb = MakeCsb(options);
            _csb.Initialise(port.TxRings, _rings);
            device.SetCsb(_csb.Atok, _csb.Ktoa);
            VnetHeaderLength = device.Start();
        }
        catch
        {
            device.ForgetCsb();
            _csb?.Dispose();
            _interrupts.Dispose();
            throw;
        }
    }

    /// <summary>What the device says of the port.</summary>
    public PtnetPort Port { get; }

    /// <summary>Which interrupts it got.</summary>
    public InterruptKind Interrupts => _interrupts.Kind;

    /// <summary>The CSB is in the device's BAR; else in memory of this machine.</summary>
    public bool UsesCsbBar => _csb.Atok == 0;

    /// <inheritdoc/>
    public override MemoryRegion Region { get; }

    /// <inheritdoc/>
    public override long InterfaceOffset => Port.InterfaceOffset;

    /// <inheritdoc/>
    public override int VnetHeaderLength { get; }

    /// <inheritdoc/>
    public override CsbGuestView Csb(int ring)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ring);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ring, _rings);
        return _csb.View(ring);
    }

    /// <inheritdoc/>
    public override void Kick(int ring) => _device.Kick(ring);

    /// <summary>Reads a register and drops the value: the device has handled every write before it by then.</summary>
    public void Touch() => _device.Touch();

    /// <inheritdoc/>
    public override int WaitInterrupt(ReadOnlySpan<int> rings, TimeSpan timeout) => _interrupts.Wait(rings, timeout);

    /// <inheritdoc/>
    public override void Wake(int ring) => _interrupts.Wake(ring);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _device.Stop();
        _device.ForgetCsb();
        _interrupts.Dispose();
        _csb.Dispose();
        _device.Dispose();
    }

    private GuestCsb MakeCsb(PciChannelOptions options)
    {
        // While a level interrupt is pending, QEMU takes the device's mapped BARs away from us and every access to them
        // becomes a message: with INTx the CSB is better off in memory.
        bool wantBar = options.CsbBar && _interrupts.Kind != InterruptKind.Uio;
        if (_device.Negotiate(wantBar, options.Offloads))
        {
            return GuestCsb.InBar(_device.Function);
        }

        if (_interrupts is VfioInterrupts vfio)
        {
            return GuestCsb.InMappedMemory(vfio.MapDma);
        }

        return _device.Function.IommuGroup is null
            ? GuestCsb.InMemory()
            : throw new LinuxException(
                $"ptnet {Port.Address} has no BAR for the CSB, and this machine has an IOMMU: only vfio-pci can " +
                "show memory " +
                "to the device then (--interrupts vfio)");
    }
}
