using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Serving;

/// <summary>The commands that ask what a device is, and set its interrupts. Each returns the length of its reply's
/// payload.</summary>
internal sealed class DeviceCommands(PciDevice device)
{
    // ERR and REQ are counted, though not offered.
    private const uint IrqKinds = 5;

    internal static int GetInfo(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        DeviceInfo info = Payload.Read<DeviceInfo>(payload, DeviceInfo.Size, "DEVICE_GET_INFO");
        Payload.CheckArgumentSize(info.ArgumentSize, DeviceInfo.Size, "DEVICE_GET_INFO");
        MemoryMarshal.Write(reply, new DeviceInfo
        {
            ArgumentSize = DeviceInfo.Size,
            Flags = DeviceInfo.Reset | DeviceInfo.Pci,
            Regions = PciDevice.RegionCount,
            Irqs = IrqKinds,
        });
        return DeviceInfo.Size;
    }

    internal int GetIrqInfo(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        IrqInfo asked = Payload.Read<IrqInfo>(payload, IrqInfo.Size, "DEVICE_GET_IRQ_INFO");
        Payload.CheckArgumentSize(asked.ArgumentSize, IrqInfo.Size, "DEVICE_GET_IRQ_INFO");

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
            Count = device.IrqCount((IrqIndex)asked.Index),
        });
        return IrqInfo.Size;
    }

    internal int SetIrqs(ReadOnlySpan<byte> payload, List<FileDescriptor> descriptors)
    {
        IrqSet set = Payload.Read<IrqSet>(payload, IrqSet.Size, "DEVICE_SET_IRQS");
        Payload.CheckArgumentSize(set.ArgumentSize, IrqSet.Size, "DEVICE_SET_IRQS");
        device.SetIrqs(set, payload[IrqSet.Size..], descriptors);
        return 0;
    }

    internal int Reset()
    {
        device.Reset();
        return 0;
    }
}
