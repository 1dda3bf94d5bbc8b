using System.Buffers.Binary;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A device's PCI configuration space, type 0 header (PCI Local Bus Specification, section 6.1).
/// <code>
/// 00 vendor  device   command status    10 BAR 0 .. BAR 5    2c subsystem
/// 08 revision, class, cache line, latency, header type       34 capabilities  3c interrupt line, pin
/// 40 MSI-X: id 11, next, control, table offset | BAR, pending bits' offset | BAR
/// 50 PCI Express: id 10, next, version and type, what the device can (nothing)
/// </code>
/// QEMU keeps the BAR registers itself and writes them here only for information: they say what kind each BAR is and
/// take no writes.</summary>
public sealed class ConfigSpace : DeviceRegion
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 256;

    /// <summary>Offset of the command register.</summary>
    public const int Command = 0x04;

    /// <summary>Offset of the status register.</summary>
    public const int Status = 0x06;

    /// <summary>Offset of BAR 0.</summary>
    public const int Bar0 = 0x10;

    /// <summary>Offset of the MSI-X capability.</summary>
    public const int Msix = 0x40;

    /// <summary>Offset of the PCI Express capability.</summary>
    public const int Express = 0x50;

    /// <summary>Offset of the pending bits in the MSI-X BAR; the table is before it, at 0.</summary>
    public const int MsixPendingBits = 0x800;

    private const int SubsystemVendor = 0x2C;
    private const int CapabilityPointer = 0x34;
    private const int InterruptLine = 0x3C;
    private const int InterruptPin = 0x3D;
    private const byte MsixCapability = 0x11;
    private const byte ExpressCapability = 0x10;
    private const int NextCapability = 1;

    // Version 2, an endpoint that is part of the root complex; elsewhere QEMU makes one of a link's end of it.
    private const ushort ExpressIntegrated = 0x0092;
    private const ushort RoleBasedErrors = 0x8000;
    private const ushort HasCapabilities = 0x10;
    private const ushort InterruptPending = 0x08;

    // I/O, memory, bus master, interrupt disable.
    private const ushort CommandMask = 0x0407;

    // MSI-X enable, function mask.
    private const ushort MsixControlMask = 0xC000;

    private readonly byte[] _initial = new byte[Size];
    private readonly byte[] _bytes = new byte[Size];
    private readonly byte[] _writable = new byte[Size];

    /// <summary>Makes the space of a device.</summary>
    /// <param name="vendor">Vendor id, also of the subsystem.</param>
    /// <param name="device">Device id, also of the subsystem.</param>
    /// <param name="classCode">Base class, subclass and interface, 24 bits.</param>
    public ConfigSpace(ushort vendor, ushort device, uint classCode) : base(Size)
    {
        Put16(0, vendor);
        Put16(2, device);
        BinaryPrimitives.WriteUInt32LittleEndian(_initial.AsSpan(8), classCode << 8);
        Put16(SubsystemVendor, vendor);
        Put16(SubsystemVendor + 2, device);
        BinaryPrimitives.WriteUInt16LittleEndian(_writable.AsSpan(Command), CommandMask);
        _writable[InterruptLine] = 0xFF;
        Reset();
    }

    /// <summary>The status register's "interrupt pending" bit.</summary>
    public bool IsInterruptPending
    {
        get => (Get16(Status) & InterruptPending) != 0;
        set => BinaryPrimitives.WriteUInt16LittleEndian(
            _bytes.AsSpan(Status),
            (ushort)(value ? Get16(Status) | InterruptPending : Get16(Status) & ~InterruptPending));
    }

    /// <summary>Says what BAR <paramref name="index"/> is: 0 memory, 1 I/O, 0xC memory, 64 bits and
    /// prefetchable.</summary>
    public void SetBarKind(int index, uint kind)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_initial.AsSpan(Bar0 + (index * sizeof(uint))), kind);
        Reset();
    }

    /// <summary>The device has an interrupt pin, INTA.</summary>
    public void SetPin()
    {
        _initial[InterruptPin] = 1;
        Reset();
    }

    /// <summary>Adds the MSI-X capability (PCI Local Bus Specification 3.0, section 6.8.2).</summary>
    public void AddMsix(int vectors, int bar)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors, MsixPendingBits / 16);
        Put16(Status, HasCapabilities);
        _initial[CapabilityPointer] = Msix;
        _initial[Msix] = MsixCapability;
        Put16(Msix + 2, (ushort)(vectors - 1));
        BinaryPrimitives.WriteUInt16LittleEndian(_writable.AsSpan(Msix + 2), MsixControlMask);
        BinaryPrimitives.WriteUInt32LittleEndian(_initial.AsSpan(Msix + 4), (uint)bar);
        BinaryPrimitives.WriteUInt32LittleEndian(_initial.AsSpan(Msix + 8), MsixPendingBits | (uint)bar);
        Reset();
    }

    /// <summary>Adds a PCI Express capability behind that of MSI-X (PCI Express Base Specification 4.0, section 7.5.3).
    /// FreeBSD allows MSI-X only where some device of the machine has one, or a chipset that it knows.</summary>
    public void AddExpress()
    {
        _initial[Msix + NextCapability] = Express;
        _initial[Express] = ExpressCapability;
        Put16(Express + 2, ExpressIntegrated);
        Put16(Express + 4, RoleBasedErrors);
        Reset();
    }

    /// <summary>All writable bits as at the start.</summary>
    public void Reset() => _initial.CopyTo(_bytes, 0);

    /// <inheritdoc/>
    protected override void ReadInside(ulong offset, Span<byte> data) =>
        _bytes.AsSpan((int)offset, data.Length).CopyTo(data);

    /// <inheritdoc/>
    protected override void WriteInside(ulong offset, ReadOnlySpan<byte> data)
    {
        for (int i = 0; i < data.Length; i++)
        {
            int at = (int)offset + i;
            _bytes[at] = (byte)((_bytes[at] & ~_writable[at]) | (data[i] & _writable[at]));
        }
    }

    private ushort Get16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(offset));

    private void Put16(int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_initial.AsSpan(offset), value);
}
