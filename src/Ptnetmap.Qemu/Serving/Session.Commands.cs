using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Serving;

/// <content>The commands. Each returns the length of its reply's payload.</content>
public sealed partial class Session
{
    // ERR and REQ are counted, though not offered.
    private const uint IrqKinds = 5;

    private static T Read<T>(ReadOnlySpan<byte> payload, int size, string command)
        where T : struct => payload.Length >= size
            ? MemoryMarshal.Read<T>(payload)
            : throw new VfioUserException($"{command}: {payload.Length} bytes, at least {size} are needed");

    private static void CheckArgumentSize(uint argumentSize, int size, string command)
    {
        if (argumentSize < size)
        {
            throw new VfioUserException($"{command}: argsz is {argumentSize}, at least {size} is needed");
        }
    }

    private int Version(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        VersionHead head = Read<VersionHead>(payload, VersionHead.Size, "VERSION");
        if (head.Major != 0)
        {
            throw new VfioUserException($"VERSION: {head.Major}.{head.Minor}, only 0.0 is spoken here");
        }

        if (_negotiated)
        {
            throw new VfioUserException("VERSION: it is settled already");
        }

        ReadOnlySpan<byte> text = VersionNegotiation.Answer(payload[VersionHead.Size..]);
        MemoryMarshal.Write(reply, default(VersionHead));
        text.CopyTo(reply[VersionHead.Size..]);
        _negotiated = true;
        return VersionHead.Size + text.Length;
    }

    private int DmaMap(ReadOnlySpan<byte> payload)
    {
        DmaMapRequest request = Read<DmaMapRequest>(payload, DmaMapRequest.Size, "DMA_MAP");
        CheckArgumentSize(request.ArgumentSize, DmaMapRequest.Size, "DMA_MAP");
        if (_descriptors.Count > 1)
        {
            throw new VfioUserException($"DMA_MAP: {Quantity.Of(_descriptors.Count, "descriptor")}, there can be one");
        }

        // What a device will never map (a device's own memory, anything but a file) is a range without a descriptor.
        FileDescriptor? file = _descriptors.Count == 1 && Device.UsesGuestMemory && FileStatus.IsRegular(_descriptors[0])
            ? _descriptors[0]
            : null;
        DmaRange range = Memory.Map(request, file);
        if (file is not null)
        {
            // The table's now.
            _descriptors.Clear();
        }

        Device.MemoryMapped(range);
        return 0;
    }

    private int DmaUnmap(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        DmaUnmapRequest request = Read<DmaUnmapRequest>(payload, DmaUnmapRequest.Size, "DMA_UNMAP");
        CheckArgumentSize(request.ArgumentSize, DmaUnmapRequest.Size, "DMA_UNMAP");
        IReadOnlyList<DmaRange> ranges = Memory.Find(request);
        ulong sum = 0;
        foreach (DmaRange range in ranges)
        {
            // The device lets go of it first.
            Device.MemoryUnmapping(range);
            Memory.Remove(range);
            sum += range.Length;
        }

        request.Length = sum;
        MemoryMarshal.Write(reply, request);
        return DmaUnmapRequest.Size;
    }

    private static int GetInfo(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        DeviceInfo info = Read<DeviceInfo>(payload, DeviceInfo.Size, "DEVICE_GET_INFO");
        CheckArgumentSize(info.ArgumentSize, DeviceInfo.Size, "DEVICE_GET_INFO");
        MemoryMarshal.Write(reply, new DeviceInfo
        {
            ArgumentSize = DeviceInfo.Size,
            Flags = DeviceInfo.Reset | DeviceInfo.Pci,
            Regions = PciDevice.RegionCount,
            Irqs = IrqKinds,
        });
        return DeviceInfo.Size;
    }

    // A client that left no room for the capabilities gets the head, which says how much room they take; the descriptor
    // comes when it asks again.
    private int GetRegionInfo(ReadOnlySpan<byte> payload, Span<byte> reply, out FileDescriptor? file)
    {
        RegionInfo asked = Read<RegionInfo>(payload, RegionInfo.Size, "DEVICE_GET_REGION_INFO");
        CheckArgumentSize(asked.ArgumentSize, RegionInfo.Size, "DEVICE_GET_REGION_INFO");
        DeviceRegion region = Region(asked.Index, "DEVICE_GET_REGION_INFO");
        IReadOnlyList<MappableArea> areas = region.SparseAreas;
        int capability = areas.Count == 0 ? 0 : SparseMapHead.Size + (areas.Count * SparseMapHead.AreaSize);
        bool whole = asked.ArgumentSize >= RegionInfo.Size + capability;
        uint flags = region.Length == 0 ? 0 : RegionInfo.Readable | RegionInfo.Writable;
        flags |= region.File is null ? 0 : RegionInfo.Mappable;
        flags |= capability == 0 ? 0 : RegionInfo.HasCapabilities;
        MemoryMarshal.Write(reply, new RegionInfo
        {
            ArgumentSize = (uint)(RegionInfo.Size + capability),
            Flags = flags,
            Index = asked.Index,
            CapabilityOffset = capability == 0 ? 0 : (uint)RegionInfo.Size,
            Length = region.Length,
            Offset = region.FileOffset,
        });
        file = whole ? region.File : null;
        if (!whole || capability == 0)
        {
            return RegionInfo.Size;
        }

        WriteAreas(areas, reply[RegionInfo.Size..]);
        return RegionInfo.Size + capability;
    }

    private static void WriteAreas(IReadOnlyList<MappableArea> areas, Span<byte> reply)
    {
        MemoryMarshal.Write(
            reply, new SparseMapHead { Id = SparseMapHead.CapabilityId, Version = 1, Areas = (uint)areas.Count });
        for (int i = 0; i < areas.Count; i++)
        {
            MemoryMarshal.Write(reply[(SparseMapHead.Size + (i * SparseMapHead.AreaSize))..], areas[i]);
        }
    }

    private int GetIrqInfo(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        IrqInfo asked = Read<IrqInfo>(payload, IrqInfo.Size, "DEVICE_GET_IRQ_INFO");
        CheckArgumentSize(asked.ArgumentSize, IrqInfo.Size, "DEVICE_GET_IRQ_INFO");

        // As the kernel does it: a kind that the device has not is an error, and QEMU says nothing about it.
        if (asked.Index is >= IrqKinds or (uint)IrqIndex.Error)
        {
            throw new VfioUserException($"DEVICE_GET_IRQ_INFO: there are no interrupts of kind {asked.Index}")
            {
                IsUsual = asked.Index == (uint)IrqIndex.Error,
            };
        }

        MemoryMarshal.Write(reply, new IrqInfo
        {
            ArgumentSize = IrqInfo.Size,
            Flags = (IrqIndex)asked.Index switch
            {
                IrqIndex.Intx => IrqInfo.EventFd | IrqInfo.Maskable | IrqInfo.AutoMasked,
                IrqIndex.Msix => IrqInfo.EventFd,
                _ => 0,
            },
            Index = asked.Index,
            Count = Device.IrqCount((IrqIndex)asked.Index),
        });
        return IrqInfo.Size;
    }

    private int SetIrqs(ReadOnlySpan<byte> payload)
    {
        IrqSet set = Read<IrqSet>(payload, IrqSet.Size, "DEVICE_SET_IRQS");
        CheckArgumentSize(set.ArgumentSize, IrqSet.Size, "DEVICE_SET_IRQS");
        Device.SetIrqs(set, payload[IrqSet.Size..], _descriptors);
        return 0;
    }

    private int RegionRead(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        RegionAccess access = Read<RegionAccess>(payload, RegionAccess.Size, "REGION_READ");
        DeviceRegion region = Region(access, "REGION_READ");
        MemoryMarshal.Write(reply, access);
        region.Read(access.Offset, reply.Slice(RegionAccess.Size, (int)access.Count));
        return RegionAccess.Size + (int)access.Count;
    }

    private int RegionWrite(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        RegionAccess access = Read<RegionAccess>(payload, RegionAccess.Size, "REGION_WRITE");
        DeviceRegion region = Region(access, "REGION_WRITE");
        ReadOnlySpan<byte> data = payload[RegionAccess.Size..];
        if (data.Length < access.Count)
        {
            throw new VfioUserException($"REGION_WRITE: {data.Length} bytes of data, {access.Count} are announced");
        }

        region.Write(access.Offset, data[..(int)access.Count]);
        MemoryMarshal.Write(reply, access);
        return RegionAccess.Size;
    }

    private int RegionWriteMulti(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        ulong count = Read<ulong>(payload, WriteMultiEntry.CountSize, "REGION_WRITE_MULTI");
        ReadOnlySpan<byte> entries = payload[WriteMultiEntry.CountSize..];
        if (count > (ulong)(entries.Length / WriteMultiEntry.Size))
        {
            throw new VfioUserException($"REGION_WRITE_MULTI: {count} writes in {entries.Length} bytes");
        }

        for (int i = 0; i < (int)count; i++)
        {
            ReadOnlySpan<byte> bytes = entries.Slice(i * WriteMultiEntry.Size, WriteMultiEntry.Size);
            RegionAccess access = MemoryMarshal.Read<RegionAccess>(bytes);
            if (access.Count > WriteMultiEntry.MaxBytes)
            {
                throw new VfioUserException($"REGION_WRITE_MULTI: a write of {access.Count} bytes");
            }

            Region(access, "REGION_WRITE_MULTI").Write(access.Offset, bytes.Slice(RegionAccess.Size, (int)access.Count));
        }

        MemoryMarshal.Write(reply, count);
        return WriteMultiEntry.CountSize;
    }

    private int Reset()
    {
        Device.Reset();
        return 0;
    }

    private DeviceRegion Region(uint index, string command) => index < PciDevice.RegionCount
        ? Device.Region((int)index)
        : throw new VfioUserException($"{command}: there is no region {index}");

    private DeviceRegion Region(RegionAccess access, string command)
    {
        DeviceRegion region = Region(access.Region, command);
        bool fits = access.Count is >= 1 and <= MaxTransfer
            && access.Offset < region.Length && access.Count <= region.Length - access.Offset;
        return fits
            ? region
            : throw new VfioUserException(
                $"{command}: {access.Count} bytes at {access.Offset} of region {access.Region}, which has {region.Length}");
    }
}
