using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Offloads;
using Ptnetmap.Qemu.Protocol;

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
    /// <summary>Its device id.</summary>
    public const ushort DeviceId = 0x000D;

    /// <summary>What <c>EXTENSION_MAGIC</c> (offset 112) reads when the extensions are offered: "ptnx".</summary>
    public const uint ExtensionMagic = 0x706E7478;

    /// <summary>Bit of <c>EXTENSION_FEATURES</c> (116): BAR 4 is a CSB, atok at 0 and ktoa at 4096; 1 written to
    /// <c>EXTENSION_CSB</c> (120) chooses it, until a CSB in the guest's memory is programmed.</summary>
    public const uint ExtensionCsbBar = 1;

    /// <summary>Bit of <c>EXTENSION_FEATURES</c>: reading <c>EXTENSION_INTERRUPT</c> (124) returns 1 when the interrupt pin
    /// is up, and takes it down.</summary>
    public const uint ExtensionInterruptStatus = 2;

    /// <summary>Bit of <c>PTFEAT</c> (0): frames have a virtio-net header (<c>PTNETMAP_F_VNET_HDR</c>).</summary>
    public const uint VnetHeaderFeature = 1;

    private const uint EthernetClass = 0x020000;
    private const ulong IoLength = 256;
    private const ulong MemoryLength = 4096;
    private const ulong MsixLength = 4096;
    private const int MsixBar = 2;
    private const int CsbBar = 4;
    private const uint Start = 1;
    private const uint Stop = 2;

    private readonly PtnetOptions _options;
    private readonly byte[] _mac;
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
    private bool _isHeld;

    /// <summary>Makes the device; the port stays its owner's and outlives it.</summary>
    public PtnetDevice(string name, PtnetOptions options)
        : base(name, DeviceId, EthernetClass)
    {
        _options = options;
        _mac = options.Mac.GetAddressBytes();
        if (_mac.Length != 6)
        {
            throw new ArgumentException($"device {name}: a MAC has 6 bytes, {options.Mac} has {_mac.Length}", nameof(options));
        }

        int rings = options.Port.Memory.Shape.Rings;
        _place = new CsbPlace(rings);
        _vectors = new InterruptVectors(rings, options.Quiescence);
        _kicks = [.. Enumerable.Range(0, rings).Select(_ => new EventFd())];
        bool io = options.Registers == BarKind.Io;
        SetBar(0, new RegisterRegion(io ? IoLength : MemoryLength, this), io ? IoBar : 0);
        SetBar(MsixBar, new PlainRegion(MsixLength), 0);
        Config.AddMsix(rings, MsixBar);
        Config.SetPin();
        if (options.Extensions)
        {
            _ownCsb = new CsbMemory(name);
            SetBar(CsbBar, new SharedRegion(CsbMemory.Size, _ownCsb.File, OwnCsbBytes), LargeMemoryBar);
        }
    }

    /// <summary>The port.</summary>
    public Ports.Port Port => _options.Port;

    /// <summary>True while the guest's sync loops run.</summary>
    public bool IsRunning => _attachment is not null;

    /// <summary>Kicks written so far.</summary>
    public long Kicks { get; private set; }

    /// <inheritdoc/>
    public override EventFd Attention => _vectors.Pin;

    /// <summary>Keeps the guest from the port: its loops are stopped, whatever it wants, until it is let again. What
    /// "unplug" means for a device with MSI-X, which QEMU 11.1 cannot unplug.</summary>
    public void Hold(bool hold)
    {
        _isHeld = hold;
        if (hold)
        {
            Detach();
        }
        else
        {
            Resume();
        }
    }

    /// <inheritdoc/>
    public override uint IrqCount(IrqIndex index) => index switch
    {
        IrqIndex.Intx => 1,
        IrqIndex.Msix => (uint)_kicks.Length,
        _ => 0,
    };

    /// <inheritdoc/>
    public uint ReadRegister(uint offset) => (PtnetRegister)offset switch
    {
        PtnetRegister.Features => _features,
        PtnetRegister.VnetHeaderLength => (uint)_vnetHeaderLength,
        PtnetRegister.Control => (uint)_result,
        PtnetRegister.MacHigh => ((uint)_mac[0] << 8) | _mac[1],
        PtnetRegister.MacLow => ((uint)_mac[2] << 24) | ((uint)_mac[3] << 16) | ((uint)_mac[4] << 8) | _mac[5],
        PtnetRegister.InterfaceOffset => (uint)Port.Memory.InterfaceOffset,
        PtnetRegister.TxRings => (uint)Port.Memory.Shape.TxRings,
        PtnetRegister.RxRings => (uint)Port.Memory.Shape.RxRings,
        PtnetRegister.TxSlots => (uint)Port.Memory.Shape.TxSlots,
        PtnetRegister.RxSlots => (uint)Port.Memory.Shape.RxSlots,
        PtnetRegister.HostMemoryId => Port.Region.Layout.Id,
        PtnetRegister.CsbGuestHigh => (uint)(_place.Atok >> 32),
        PtnetRegister.CsbGuestLow => (uint)_place.Atok,
        PtnetRegister.CsbHostHigh => (uint)(_place.Ktoa >> 32),
        PtnetRegister.CsbHostLow => (uint)_place.Ktoa,
        PtnetRegister.ExtensionMagic when _options.Extensions => ExtensionMagic,
        PtnetRegister.ExtensionFeatures when _options.Extensions => ExtensionCsbBar | ExtensionInterruptStatus,
        PtnetRegister.ExtensionCsb => _usesOwnCsb ? 1u : 0,
        PtnetRegister.ExtensionInterrupt when _options.Extensions => TakePin(),
        _ => 0,
    };

    /// <inheritdoc/>
    public void WriteRegister(uint offset, uint value)
    {
        if (offset >= (uint)PtnetRegister.Kick)
        {
            Kick((offset - (uint)PtnetRegister.Kick) / sizeof(uint));
            return;
        }

        switch ((PtnetRegister)offset)
        {
            case PtnetRegister.Features:
                _features = OffersVnetHeader ? value & VnetHeaderFeature : 0;
                break;
            case PtnetRegister.VnetHeaderLength:
                ChooseVnetHeader(value);
                break;
            case PtnetRegister.Control:
                Control(value);
                break;
            case PtnetRegister.CsbGuestHigh:
                _place.Atok = ((ulong)value << 32) | (uint)_place.Atok;
                break;
            case PtnetRegister.CsbGuestLow:
                _place.Atok = (_place.Atok & ~(ulong)uint.MaxValue) | value;
                break;
            case PtnetRegister.CsbHostHigh:
                _place.Ktoa = ((ulong)value << 32) | (uint)_place.Ktoa;
                break;
            case PtnetRegister.CsbHostLow:
                _place.Ktoa = (_place.Ktoa & ~(ulong)uint.MaxValue) | value;
                ProgramCsb();
                break;
            case PtnetRegister.ExtensionCsb when _options.Extensions:
                StopPort();
                _usesOwnCsb = value == 1;
                break;
        }
    }

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
        _ = TakePin();
    }

    /// <inheritdoc/>
    public override void MemoryUnmapping(DmaRange range)
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
    public override void MemoryMapped(DmaRange range) => Resume();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        StopPort();
        _place.Dispose();
        _pinClient?.Dispose();
        _vectors.Dispose();
        Array.ForEach(_kicks, kick => kick.Dispose());
        _ownCsb?.Dispose();
        base.Dispose(disposing);
    }

    private bool OffersVnetHeader => _options.Offloads && Port.CanUseVnetHeader;

    // What the port uses is fixed from its start to its stop. The upstream drivers ask for the length whatever became of the
    // feature, and go by what they read back.
    private void ChooseVnetHeader(uint length)
    {
        if (!_isWanted)
        {
            _vnetHeaderLength = length == VnetHeader.Length && OffersVnetHeader ? VnetHeader.Length : 0;
        }
    }

    private Span<byte> OwnCsbBytes(long offset, int length) => _ownCsb!.Span.Slice((int)offset, length);

    private void Kick(uint ring)
    {
        if (ring < (uint)_kicks.Length)
        {
            Kicks++;
            _kicks[ring].Signal();
        }
    }

    private void Control(uint command)
    {
        _result = Errno.None;
        switch (command)
        {
            case Start:
                StartPort();
                break;
            case Stop:
                StopPort();
                break;
            default:
                _result = Errno.Invalid;
                break;
        }
    }

    // The last of the four registers: the CSB counts from here on, and is looked up once. A driver that names one in its own
    // memory means that one, even if a program before it, which may have been killed, chose ours and left the port running.
    private void ProgramCsb()
    {
        if (_place.IsProgrammed)
        {
            _usesOwnCsb = false;
        }

        if (!_usesOwnCsb)
        {
            StopPort();
        }

        _place.Release();
        if (_place.IsProgrammed && Memory is not null)
        {
            _place.Map(Memory, _options.AllowUnsealedMemory);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the port from starting is told to the guest.")]
    private void StartPort()
    {
        if (IsRunning)
        {
            return;
        }

        try
        {
            Attach(resumes: false);
            _isWanted = true;
        }
        catch (VfioUserException refusal)
        {
            _result = refusal.Errno;
            throw;
        }
        catch (Exception failure)
        {
            _result = failure is InvalidOperationException ? Errno.Busy : Errno.InputOutput;
            throw new VfioUserException(_result, $"PTCTL 1: {failure.Message}", failure);
        }
    }

    private void StopPort()
    {
        _isWanted = false;
        Detach();
    }

    private void Attach(bool resumes)
    {
        if (_isHeld)
        {
            throw new VfioUserException(Errno.Busy, $"PTCTL 1: port {Port.Name} is held back");
        }

        CsbHostView[] csb;
        if (_usesOwnCsb)
        {
            csb = [.. Enumerable.Range(0, _kicks.Length).Select(_ownCsb!.Host)];
        }
        else
        {
            if (!_place.IsMapped)
            {
                _place.Map(Memory ?? throw new VfioUserException("PTCTL 1: no client"), _options.AllowUnsealedMemory);
            }

            csb = _place.Views();
        }

        var door = new GuestDoor(csb, _kicks, _vectors.Outlets)
        {
            VnetHeaderLength = _vnetHeaderLength,
            Resumes = resumes,
        };
        _attachment = GuestAttachment.Attach(Port, door, _options.Workers, _options.Policy, _options.Quiescence);
        _options.RunningChanged?.Invoke();
    }

    private void Detach()
    {
        if (_attachment is null)
        {
            return;
        }

        _attachment.Dispose();
        _attachment = null;
        _options.RunningChanged?.Invoke();
    }

    // The guest's memory has moved under its CSB and is there again, or it is held back no more.
    private void Resume()
    {
        if (!_isWanted || IsRunning || _isHeld)
        {
            return;
        }

        try
        {
            Attach(resumes: true);
        }
        catch (VfioUserException)
        {
            // Not there yet: the next map may bring it.
        }
        catch (InvalidOperationException)
        {
            // Somebody else has the port now; the guest can start it again when it is free.
            _isWanted = false;
        }
    }
}
