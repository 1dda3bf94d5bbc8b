namespace Ptnetmap.Qemu.Protocol;

/// <summary>Commands of a vfio-user message (vfio-user specification, "Commands"). Those that are not here are answered
/// with an error.</summary>
public enum Command : ushort
{
    /// <summary><c>VFIO_USER_VERSION</c>: the first message of a session.</summary>
    Version = 1,

    /// <summary><c>VFIO_USER_DMA_MAP</c>: a range of the guest's memory.</summary>
    DmaMap = 2,

    /// <summary><c>VFIO_USER_DMA_UNMAP</c>.</summary>
    DmaUnmap = 3,

    /// <summary><c>VFIO_USER_DEVICE_GET_INFO</c>.</summary>
    DeviceGetInfo = 4,

    /// <summary><c>VFIO_USER_DEVICE_GET_REGION_INFO</c>.</summary>
    DeviceGetRegionInfo = 5,

    /// <summary><c>VFIO_USER_DEVICE_GET_IRQ_INFO</c>.</summary>
    DeviceGetIrqInfo = 7,

    /// <summary><c>VFIO_USER_DEVICE_SET_IRQS</c>.</summary>
    DeviceSetIrqs = 8,

    /// <summary><c>VFIO_USER_REGION_READ</c>.</summary>
    RegionRead = 9,

    /// <summary><c>VFIO_USER_REGION_WRITE</c>.</summary>
    RegionWrite = 10,

    /// <summary><c>VFIO_USER_DEVICE_RESET</c>.</summary>
    DeviceReset = 13,

    /// <summary><c>VFIO_USER_REGION_WRITE_MULTI</c>: several short writes in one message.</summary>
    RegionWriteMulti = 15,
}
