using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Tests.Qemu;

/// <summary>A pipe with a ptnet device at one end, a memdev for its region, and a guest written by hand at the other
/// end.</summary>
internal sealed class QemuBed : IDisposable
{
    internal QemuBed(int ringPairs = 1, int slots = 64, Func<PtnetOptions, PtnetOptions>? change = null)
    {
        Region = MemoryRegion.Create(new RegionRequest
        {
            Id = 7,
            Ports = 2,
            RingPairs = ringPairs,
            Slots = slots,
            BufferSize = 128,
            HugePages = HugePagePolicy.Off,
        });
        (Master, Slave) = PipePort.Create("link", 0, Region, Region, PortShape.Symmetric(ringPairs, slots), Quiescence);
        Memdev = new MemdevDevice("memdev0", Region);
        var options = new PtnetOptions(Master, Workers, NotificationPolicy.Sleep, Quiescence)
        {
            Mac = MacAddress.Read([0x02, 0x11, 0x22, 0x33, 0x44, 0x55]),
        };
        Ptnet = new PtnetDevice("ptnet0", change is null ? options : change(options));
    }

    internal Quiescence Quiescence { get; } = new();

    internal WorkerPool Workers { get; } = new(1);

    internal MemoryRegion Region { get; }

    internal PipePort Master { get; }

    internal PipePort Slave { get; }

    internal MemdevDevice Memdev { get; }

    internal PtnetDevice Ptnet { get; }

    /// <summary>A guest thread's end, at the other side of the pipe.</summary>
    internal GuestAttachment AttachOther() =>
        GuestAttachment.Attach(Slave, Workers, NotificationPolicy.Sleep, Quiescence);

    public void Dispose()
    {
        Ptnet.Dispose();
        Memdev.Dispose();
        Master.Dispose();
        Slave.Dispose();
        Workers.Dispose();
        Region.Dispose();
    }
}
