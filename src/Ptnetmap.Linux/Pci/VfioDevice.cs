using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Pci;

/// <summary>A PCI device bound to vfio-pci, for its MSI-X vectors as eventfds and for memory that it may reach. Needs
/// an IOMMU, which in a virtual machine is a virtual one.</summary>
public sealed class VfioDevice : IDisposable
{
    private const string ContainerPath = "/dev/vfio/vfio";
    private const nuint SetIommu = 0x3B66;
    private const nuint GroupGetStatus = 0x3B67;
    private const nuint GroupSetContainer = 0x3B68;
    private const nuint GroupGetDevice = 0x3B6A;
    private const nuint DeviceSetIrqs = 0x3B6E;
    private const nuint MapDmaCode = 0x3B71;
    private const nint TypeOneV2 = 3;
    private const uint Viable = 1;
    private const uint MsixIndex = 2;
    private const uint EventFdTrigger = 0x4 | 0x20;
    private const uint NoneTrigger = 0x1 | 0x20;
    private const int IrqSetHeader = 5 * sizeof(uint);

    private readonly FileDescriptor _container;
    private readonly FileDescriptor _group;
    private readonly FileDescriptor _device;

    private VfioDevice(FileDescriptor container, FileDescriptor group, FileDescriptor device)
    {
        _container = container;
        _group = group;
        _device = device;
    }

    /// <summary>Opens the device.</summary>
    /// <param name="group">The number of its IOMMU group.</param>
    /// <param name="address">Its PCI address, as in <c>0000:00:03.0</c>.</param>
    /// <exception cref="LinuxException">It cannot be had; the message says which step failed.</exception>
    public static VfioDevice Open(int group, string address)
    {
        var opened = new List<FileDescriptor>();
        try
        {
            FileDescriptor container = FileDescriptor.Open(ContainerPath, remedy: "modprobe vfio-pci, and be root");
            opened.Add(container);
            FileDescriptor groupFile = FileDescriptor.Open($"/dev/vfio/{group}", remedy: "bind the device to vfio-pci");
            opened.Add(groupFile);
            FileDescriptor device = Join(container, groupFile, group, address);
            opened.Clear();
            return new VfioDevice(container, groupFile, device);
        }
        finally
        {
            opened.ForEach(file => file.Dispose());
        }
    }

    /// <summary>Lets each MSI-X vector signal an eventfd, vector by vector.</summary>
    /// <exception cref="LinuxException">The device has fewer vectors.</exception>
    public unsafe void EnableMsix(ReadOnlySpan<EventFd> vectors)
    {
        int size = IrqSetHeader + (vectors.Length * sizeof(int));
        uint* request = stackalloc uint[5 + vectors.Length];
        request[0] = (uint)size;
        request[1] = EventFdTrigger;
        request[2] = MsixIndex;
        request[3] = 0;
        request[4] = (uint)vectors.Length;
        for (int i = 0; i < vectors.Length; i++)
        {
            request[5 + i] = (uint)vectors[i].Descriptor.Number;
        }

        if (Libc.Ioctl(_device.Number, DeviceSetIrqs, request) != 0)
        {
            throw LinuxException.Last($"VFIO_DEVICE_SET_IRQS(MSI-X, {vectors.Length} vectors)");
        }
    }

    /// <summary>Lets the device reach memory of ours at <paramref name="ioAddress"/>.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe void MapDma(MemoryMapping memory, ulong ioAddress)
    {
        var request = new VfioDmaMap
        {
            ArgumentSize = (uint)sizeof(VfioDmaMap),
            Flags = 3,
            Address = (ulong)memory.Address,
            IoAddress = ioAddress,
            Size = (ulong)memory.Length,
        };
        if (Libc.Ioctl(_container.Number, MapDmaCode, &request) != 0)
        {
            throw LinuxException.Last($"VFIO_IOMMU_MAP_DMA({memory.Length} bytes)");
        }
    }

    /// <inheritdoc/>
    public unsafe void Dispose()
    {
        if (!_device.IsClosed)
        {
            uint* off = stackalloc uint[5] { IrqSetHeader, NoneTrigger, MsixIndex, 0, 0 };
            _ = Libc.Ioctl(_device.Number, DeviceSetIrqs, off);
        }

        _device.Dispose();
        _group.Dispose();
        _container.Dispose();
    }

    private static unsafe FileDescriptor Join(FileDescriptor container, FileDescriptor groupFile, int group,
        string address)
    {
        var status = new VfioGroupStatus { ArgumentSize = (uint)sizeof(VfioGroupStatus) };
        Check(Libc.Ioctl(groupFile.Number, GroupGetStatus, &status), $"VFIO_GROUP_GET_STATUS({group})");
        if ((status.Flags & Viable) == 0)
        {
            throw new LinuxException(
                $"IOMMU group {group} is not viable: another device of it is bound to another driver");
        }

        int containerNumber = container.Number;
        Check(Libc.Ioctl(groupFile.Number, GroupSetContainer, &containerNumber), $"VFIO_GROUP_SET_CONTAINER({group})");
        Check(Libc.Ioctl(container.Number, SetIommu, (void*)TypeOneV2), "VFIO_SET_IOMMU(type 1)");
        fixed (byte* name = Encoding.ASCII.GetBytes(address + "\0"))
        {
            int device = Libc.Ioctl(groupFile.Number, GroupGetDevice, name);
            Check(device, $"VFIO_GROUP_GET_DEVICE_FD({address})");
            return new FileDescriptor(device);
        }
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw new LinuxException(call, Marshal.GetLastPInvokeError());
        }
    }
}
