using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Devices;

/// <summary>ptnet, one a port: BAR 0 has the registers (<see cref="PtnetRegister"/>), BAR 2 the MSI-X table, with a vector
/// a ring. The guest says where its CSB is, starts the port and kicks; all else goes through shared memory.
/// <code>
/// registers ---> CSB addresses -> DMA table -> pages mapped -> GuestDoor \
///           ---> PTCTL 1, 2 ------------------------------------------->  GuestAttachment (sync loops on the workers)
///           ---> KICK i ------------------------------> kick eventfd --> /
///                client's eventfd of vector i  &lt;------ outlet i &lt;------
/// </code></summary>
public sealed partial class PtnetDevice : PciDevice, IRegisters
{
    private const uint EthernetClass = 0x020000;
    private const ulong IoLength = 256;
    private const ulong MemoryLength = 4096;
    private const ulong MsixLength = 4096;

    private readonly PtnetOptions _options;
    private readonly CsbPlace _place;
    private readonly InterruptVectors _vectors;
    private readonly EventFd[] _kicks;
    private readonly CsbMemory? _ownCsb;
    private GuestAttachment? _attachment;
    private Errno _result;
    private uint _features;
    private int _vnetHeaderLength;
    private bool _usesOwnCsb;
    private bool _isWanted;
    private bool _isStranded;
    private bool _isHeld;
    private volatile bool _wasTurnedAway;
    private volatile string? _loss;

    /// <summary>Makes the device; the port stays its owner's and outlives it.</summary>
    public PtnetDevice(string name, PtnetOptions options)
        : base(name, PtnetAbi.PtnetId, EthernetClass)
    {
        _options = options;
        int rings = options.Port.Memory.Shape.Rings;
        _place = new CsbPlace(rings);
        _kicks = EventFd.Make(rings);
        try
        {
            _vectors = new InterruptVectors(rings, options.Quiescence, options.Wall, options.Cpu);
            _ownCsb = options.Extensions ? new CsbMemory(name) : null;
            ShowRegions(rings);
        }
        catch
        {
            _vectors?.Dispose();
            _ownCsb?.Dispose();
            Array.ForEach(_kicks, kick => kick.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Kind => "ptnet";

    /// <summary>The port.</summary>
    public Ports.Port Port => _options.Port;

    /// <summary>True while the guest's sync loops run.</summary>
    public bool IsRunning => _attachment is not null;

    /// <summary>Kicks written so far.</summary>
    public long Kicks { get; private set; }

    /// <inheritdoc/>
    public override EventFd Attention => _vectors.Pin;

    /// <inheritdoc/>
    public override uint IrqCount(IrqIndex index) => index switch
    {
        IrqIndex.Intx => 1,
        IrqIndex.Msix => (uint)_kicks.Length,
        _ => 0,
    };

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        StopPort();
        _place.Release();
        _place.Atok = 0;
        _place.Ktoa = 0;
        _usesOwnCsb = false;
        _features = 0;
        _vnetHeaderLength = 0;
        _result = Errno.None;
        _loss = null;
        _wasTurnedAway = false;
        _ = TakePin();
    }

    /// <inheritdoc/>
    public override void MemoryUnmapping(ClientRange range)
    {
        if (_place.Uses(range))
        {
            if (!_usesOwnCsb)
            {
                Detach();
            }

            _place.Release();
        }
    }

    /// <inheritdoc/>
    public override void MemoryMapped(ClientRange range) => Resume();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        StopPort();
        _place.Dispose();
        _pinClient?.Dispose();
        _vectors.Dispose();
        Array.ForEach(_kicks, kick => kick.Dispose());
        if (_isStranded)
        {
            // A pass that does not end may be in it.
            Quiescence.Keep(this);
        }
        else
        {
            _ownCsb?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ShowRegions(int rings)
    {
        bool io = _options.Registers == BarKind.Io;
        SetBar(0, new RegisterRegion(io ? IoLength : MemoryLength, this), io ? IoBar : 0);
        SetBar(PtnetAbi.MsixBar, new PlainRegion(MsixLength), 0);
        Config.AddMsix(rings, PtnetAbi.MsixBar);
        Config.AddExpress();
        Config.SetPin();
        if (_ownCsb is not null)
        {
            SetBar(PtnetAbi.CsbBar, new SharedRegion(CsbMemory.Size, _ownCsb.File, OwnCsbBytes), LargeMemoryBar);
        }
    }

    private Span<byte> OwnCsbBytes(long offset, int length) => _ownCsb!.Span.Slice((int)offset, length);
}
