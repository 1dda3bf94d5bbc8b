using System.Diagnostics;
using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Serving;

/// <summary>The commands for a device's regions: what they are, reads and writes. Each returns the length of its
/// reply's payload.</summary>
internal sealed class RegionCommands(PciDevice device)
{
    // A client that left no room for the capabilities gets the head, which says how much room they take; the descriptor
    // comes when it asks again.
    internal int GetInfo(ReadOnlySpan<byte> payload, Span<byte> reply, out FileDescriptor? file)
    {
        RegionInfo asked = Payload.Read<RegionInfo>(payload, RegionInfo.Size, "DEVICE_GET_REGION_INFO");
        Payload.CheckArgumentSize(asked.ArgumentSize, RegionInfo.Size, "DEVICE_GET_REGION_INFO");
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

    internal int Read(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        RegionAccess access = Payload.Read<RegionAccess>(payload, RegionAccess.Size, "REGION_READ");
        DeviceRegion region = Region(access, "REGION_READ");
        MemoryMarshal.Write(reply, access);
        region.Read(access.Offset, reply.Slice(RegionAccess.Size, (int)access.Count));
        return RegionAccess.Size + (int)access.Count;
    }

    internal int Write(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        RegionAccess access = Payload.Read<RegionAccess>(payload, RegionAccess.Size, "REGION_WRITE");
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

    internal int WriteMulti(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        ulong count = Payload.Read<ulong>(payload, WriteMultiEntry.CountSize, "REGION_WRITE_MULTI");
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

            Region(access, "REGION_WRITE_MULTI").Write(access.Offset,
                bytes.Slice(RegionAccess.Size, (int)access.Count));
        }

        MemoryMarshal.Write(reply, count);
        return WriteMultiEntry.CountSize;
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

    private DeviceRegion Region(uint index, string command) => index < PciDevice.RegionCount
        ? device.Region((int)index)
        : throw new VfioUserException($"{command}: there is no region {index}");

    private DeviceRegion Region(RegionAccess access, string command)
    {
        DeviceRegion region = Region(access.Region, command);
        if (access.Count is < 1 or > VfioUserFormat.MaxTransfer || !region.Contains(access.Offset, access.Count))
        {
            throw new VfioUserException(
                $"{command}: " +
                $"{access.Count} bytes at {access.Offset} of region {access.Region}, which has {region.Length}");
        }

        Debug.Assert(access.Offset + access.Count <= region.Length, "what is handed on lies in the region");
        return region;
    }
}
