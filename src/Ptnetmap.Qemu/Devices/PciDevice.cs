using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A PCI device as a client sees it: config space, BARs, interrupts, a reset. One client at a time; all calls
/// are on the device thread.</summary>
public abstract class PciDevice : IServed, IDisposable
{
    /// <summary>Regions of a PCI device (<c>VFIO_PCI_NUM_REGIONS</c>).</summary>
    public const int RegionCount = 9;

    internal const string Noun = "device";

    /// <summary>A BAR of I/O ports.</summary>
    protected const uint IoBar = 1;

    /// <summary>A BAR of memory, 64 bits wide and prefetchable; takes the place of two.</summary>
    protected const uint LargeMemoryBar = 0xC;

    private const int ConfigRegion = 7;

    private readonly DeviceRegion[] _regions = new DeviceRegion[RegionCount];

    /// <summary>True for a device that maps pieces of the guest's memory: it needs the descriptors of it.</summary>
    public virtual bool UsesGuestMemory => true;

    /// <summary>Makes a device with no BARs.</summary>
    protected PciDevice(string name, ushort device, uint classCode)
    {
        Name = name;
        Config = new ConfigSpace(PtnetAbi.Vendor, device, classCode);
        Array.Fill(_regions, DeviceRegion.None);
        _regions[ConfigRegion] = Config;
    }

    /// <summary>Its name, for messages and for its socket.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public virtual string Kind => "pci";

    /// <inheritdoc/>
    public string Subject => Noun;

    /// <summary>Its configuration space.</summary>
    public ConfigSpace Config { get; }

    /// <summary>True while a client is connected.</summary>
    public bool IsConnected => Memory is not null;

    /// <summary>Messages of all its clients so far.</summary>
    public long Messages { get; internal set; }

    /// <summary>Readable when the device wants <see cref="Serve"/> to be called; null when it never does.</summary>
    public virtual EventFd? Attention => null;

    /// <summary>The client's memory.</summary>
    protected ClientMap? Memory { get; private set; }

    /// <summary>A region by its number.</summary>
    public DeviceRegion Region(int index) => _regions[index];

    /// <summary>How many interrupts of a kind there are.</summary>
    public virtual uint IrqCount(IrqIndex index) => 0;

    /// <summary><c>VFIO_USER_DEVICE_SET_IRQS</c>. Descriptors that are taken over are removed from the list.</summary>
    /// <exception cref="VfioUserException">Refused.</exception>
    public virtual void SetIrqs(in IrqSet set, ReadOnlySpan<byte> data, List<FileDescriptor> descriptors)
    {
        bool disable = set.Flags == (IrqSet.DataNone | IrqSet.Trigger) && set.Count == 0;
        if (!disable)
        {
            throw new VfioUserException($"SET_IRQS: the device has no interrupts of kind {set.Index}");
        }
    }

    /// <summary>What <see cref="Attention"/> was signalled for.</summary>
    public virtual void Serve()
    {
    }

    /// <summary>True when its last client has given it up: it lives, but waited too long for a reply, and does not come
    /// back.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Looks whether all is well, now and then while it has a client.</summary>
    public virtual void LookAfter()
    {
    }

    /// <summary>A client has come; <paramref name="memory"/> is its.</summary>
    public void Connect(ClientMap memory)
    {
        IsGivenUp = false;
        Memory = memory;
    }

    /// <summary>The client is gone: whatever it had is let go, and the device is as new.</summary>
    /// <param name="gaveUp">It lives, but will not use the device again.</param>
    public void Disconnect(bool gaveUp = false)
    {
        IsGivenUp = gaveUp;
        Reset();
        ForgetClient();
        Memory = null;
    }

    /// <summary>The guest has more memory.</summary>
    public virtual void MemoryMapped(ClientRange range)
    {
    }

    /// <summary>The guest is about to lose <paramref name="range"/>: on return nothing of it is used any
    /// more.</summary>
    public virtual void MemoryUnmapping(ClientRange range)
    {
    }

    /// <summary><c>VFIO_USER_DEVICE_RESET</c>: the guest reboots, or its driver wants a fresh start.</summary>
    public virtual void Reset() => Config.Reset();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives up what the client brought.</summary>
    protected virtual void ForgetClient()
    {
    }

    /// <summary>Gives back what the device holds; it has no client any more.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Puts a region behind a BAR.</summary>
    protected void SetBar(int index, DeviceRegion region, uint kind)
    {
        _regions[index] = region;
        Config.SetBarKind(index, kind);
    }
}
