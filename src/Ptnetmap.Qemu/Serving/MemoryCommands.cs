using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Serving;

/// <summary>The commands that tell a device of the guest's memory: <c>VFIO_USER_DMA_MAP</c> and
/// <c>VFIO_USER_DMA_UNMAP</c>. Each returns the length of its reply's payload.</summary>
internal sealed class MemoryCommands(PciDevice device, ClientMap memory)
{
    internal int Map(ReadOnlySpan<byte> payload, List<FileDescriptor> descriptors)
    {
        DmaMapRequest request = Payload.Read<DmaMapRequest>(payload, DmaMapRequest.Size, "DMA_MAP");
        Payload.CheckArgumentSize(request.ArgumentSize, DmaMapRequest.Size, "DMA_MAP");
        if (descriptors.Count > 1)
        {
            throw new VfioUserException($"DMA_MAP: {Quantity.Of(descriptors.Count, "descriptor")}, there can be one");
        }

        // What a device will never map (a device's own memory, anything but a file) is a range without a descriptor.
        FileDescriptor? file = descriptors.Count == 1 && device.UsesGuestMemory && FileStatus.IsRegular(descriptors[0])
            ? descriptors[0]
            : null;
        ClientRange range = Add(request, file);
        if (file is not null)
        {
            // The map's now.
            descriptors.Clear();
        }

        device.MemoryMapped(range);
        return 0;
    }

    internal int Unmap(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        DmaUnmapRequest request = Payload.Read<DmaUnmapRequest>(payload, DmaUnmapRequest.Size, "DMA_UNMAP");
        Payload.CheckArgumentSize(request.ArgumentSize, DmaUnmapRequest.Size, "DMA_UNMAP");
        IReadOnlyList<ClientRange> ranges = Find(request);
        ulong sum = 0;
        foreach (ClientRange range in ranges)
        {
            // The device lets go of it first.
            device.MemoryUnmapping(range);
            memory.Remove(range);
            sum += range.Length;
        }

        request.Length = sum;
        MemoryMarshal.Write(reply, request);
        return DmaUnmapRequest.Size;
    }

    private ClientRange Add(in DmaMapRequest request, FileDescriptor? file)
    {
        var range = new ClientRange(
            request.Address, request.Length, file, request.Offset,
            request.Flags == (DmaMapRequest.Readable | DmaMapRequest.Writable));
        if ((request.Flags & ~(DmaMapRequest.Readable | DmaMapRequest.Writable)) != 0 || !range.IsSound)
        {
            throw new VfioUserException(
                $"DMA_MAP: {request.Length} bytes at " +
                $"0x{request.Address:x}, offset {request.Offset}, flags {request.Flags:x}");
        }

        return memory.Add(range) switch
        {
            MapResult.Overlaps => throw new VfioUserException(
                Errno.Exists, $"DMA_MAP: {request.Length} bytes at " +
                    $"0x{request.Address:x} overlap a range that is mapped"),
            MapResult.TooMany => throw new VfioUserException(
                Errno.NoSpace,
                "DMA_MAP: no more than " +
                $"{ClientMap.MaxRanges} ranges are taken, {ClientMap.MaxFiles} of them with a descriptor " +
                "(an eighth of ulimit -n at most)"),
            _ => range,
        };
    }

    // Every range inside the span. None is no error, as with the kernel's VFIO_IOMMU_UNMAP_DMA (linux/vfio.h): QEMU
    // unmaps the whole address space of a guest's IOMMU, in pieces of powers of two, whatever of it is mapped.
    private IReadOnlyList<ClientRange> Find(in DmaUnmapRequest request)
    {
        if (request.Flags == DmaUnmapRequest.All)
        {
            return request.Address == 0 && request.Length == 0
                ? [.. memory.Ranges]
                : throw new VfioUserException("DMA_UNMAP: all ranges, and yet an address or a length");
        }

        if (request.Flags != 0 || request.Length == 0 || request.Address > ulong.MaxValue - request.Length)
        {
            throw new VfioUserException(
                $"DMA_UNMAP: flags {request.Flags:x}, {request.Length} bytes at 0x{request.Address:x}");
        }

        IReadOnlyList<ClientRange> found = memory.Within(request.Address, request.Length, out ClientRange? cut);
        return cut is null
            ? found
            : throw new VfioUserException(
                $"DMA_UNMAP: {request.Length} bytes at 0x{request.Address:x} cut the range at 0x{cut.Address:x}");
    }
}
