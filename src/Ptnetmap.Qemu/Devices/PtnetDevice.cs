using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Devices;

/// <summary>ptnet, one a port: BAR 0 has the registers (<see cref="PtnetRegister"/>), BAR 2 the MSI-X table, with a
/// vector a ring. The guest says where its CSB is, starts the port and kicks; all else goes through shared memory.
/// <code>
/// registers ---> CSB addresses -> ClientMap -> pages mapped -> GuestDoor \
///           ---> PTCTL 1, 2 ------------------------------------------->  GuestAttachment (sync loops on the workers)
///           ---> KICK i ------------------------------> kick eventfd --> /
///                client's eventfd of vector i  &lt;------ outlet i &lt;------
/// </code></summary>
public sealed class PtnetDevice : PciDevice
{
    private const uint EthernetClass = 0x020000;
    private const ulong IoLength = 256;
    private const ulong MemoryLength = 4096;
    private const ulong MsixLength = 4096;

    private readonly PtnetOptions _options;
    private readonly PtnetInterrupts _interrupts;
    private readonly PtnetRun _run;
    private readonly PtnetRegisters _registers;

    /// <summary>Makes the device; the port stays its owner's and outlives it.</summary>
    public PtnetDevice(string name, PtnetOptions options)
        : base(name, PtnetAbi.PtnetId, EthernetClass)
    {
        _options = options;
        _interrupts = new PtnetInterrupts(options, Config);
        try
        {
            _run = new PtnetRun(name, options, _interrupts.Outlets, () => Memory);
            _registers = new PtnetRegisters(options, _run, _interrupts);
            ShowRegions();
        }
        catch
        {
            _run?.Dispose();
            _interrupts.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Kind => "ptnet";

    /// <summary>The port.</summary>
    public Ports.Port Port => _options.Port;

    /// <summary>True while the guest's sync loops run.</summary>
    public bool IsRunning => _run.IsRunning;

    /// <summary>Kicks written so far.</summary>
    public long Kicks => _run.Kicks;

    /// <summary>True while the guest is kept from the port (<see cref="Hold"/>).</summary>
    public bool IsHeld => _run.IsHeld;

    /// <summary>True when the guest's driver wanted to start the port while it was kept away, and has not tried again
    /// since.</summary>
    public bool WasTurnedAway => _run.WasTurnedAway;

    /// <summary>True while the client's eventfds are signalled by a thread of their own, for they are dear to
    /// signal.</summary>
    public bool HasDearInterrupts => _interrupts.AreDear;

    /// <summary>What became of the memory that the guest's sync loops used, when that was taken away from under them;
    /// null when it was not, or the guest has started the port or the device anew.</summary>
    public string? Loss => _run.Loss;

    /// <summary>Where the CSB of the running sync loops is.</summary>
    public CsbKind Csb => !IsRunning ? CsbKind.None : _run.Csb.UsesBar ? CsbKind.Bar : CsbKind.Memory;

    /// <summary>How the guest of the running sync loops is interrupted. QEMU connects the pin by itself, so a guest
    /// that polls is shown with the pin.</summary>
    public InterruptKind Interrupts => IsRunning ? _interrupts.Kind : InterruptKind.None;

    /// <summary>The features that were negotiated (<c>PTFEAT</c>).</summary>
    public uint Features => _registers.ReadRegister(PtnetRegister.Features);

    /// <summary>Bytes of the virtio-net header that was negotiated, 0 without.</summary>
    public uint HeaderLength => _registers.ReadRegister(PtnetRegister.VnetHeaderLength);

    /// <inheritdoc/>
    public override EventFd Attention => _interrupts.Attention;

    /// <summary>Keeps the guest from the port: its loops are stopped, whatever it wants, until it is let again. What
    /// "unplug" means for a device with MSI-X, which QEMU 11.1 cannot unplug.</summary>
    public void Hold(bool hold) => _run.Hold(hold);

    /// <inheritdoc/>
    public override void LookAfter() => _run.CheckMemory();

    /// <inheritdoc/>
    public override void Serve() => _interrupts.Serve();

    /// <inheritdoc/>
    public override uint IrqCount(IrqIndex index) => _interrupts.Count(index);

    /// <inheritdoc/>
    public override void SetIrqs(in IrqSet set, ReadOnlySpan<byte> data, List<FileDescriptor> descriptors)
    {
        if (set.Index is IrqIndex.Msix or IrqIndex.Intx)
        {
            _interrupts.Set(set, data, descriptors);
        }
        else
        {
            base.SetIrqs(set, data, descriptors);
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _run.Reset();
        _registers.Reset();
        _ = _interrupts.TakePin();
    }

    /// <inheritdoc/>
    public override void MemoryUnmapping(ClientRange range) => _run.Unmapping(range);

    /// <inheritdoc/>
    public override void MemoryMapped(ClientRange range) => _run.Resume();

    /// <inheritdoc/>
    protected override void ForgetClient() => _interrupts.ForgetClient();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _run.Dispose();
        _interrupts.Dispose();
        base.Dispose(disposing);
    }

    private void ShowRegions()
    {
        bool io = _options.Registers == BarKind.Io;
        SetBar(0, new RegisterRegion(io ? IoLength : MemoryLength, _registers), io ? IoBar : 0);
        SetBar(PtnetAbi.MsixBar, new PlainRegion(MsixLength), 0);
        Config.AddMsix(_interrupts.Outlets.Length, PtnetAbi.MsixBar);
        Config.AddExpress();
        Config.SetPin();
        if (_run.Csb.InBar is { } csb)
        {
            var bar =
                new SharedRegion(CsbMemory.Size, csb.File, (offset, length) => csb.Span.Slice((int)offset, length));
            SetBar(PtnetAbi.CsbBar, bar, LargeMemoryBar);
        }
    }
}
