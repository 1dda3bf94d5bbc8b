using Ptnetmap.Linux;
using Ptnetmap.Linux.Pci;

namespace Ptnetmap.PciGuest.Interrupts;

/// <summary>MSI-X by vfio-pci: the kernel signals a ring's eventfd.</summary>
internal sealed class VfioInterrupts : InterruptSource
{
    private readonly VfioDevice _device;

    internal VfioInterrupts(VfioDevice device, int rings)
        : base(rings)
    {
        _device = device;
        device.EnableMsix(Events);
    }

    internal override InterruptKind Kind => InterruptKind.Vfio;

    /// <summary>Shows memory of ours to the device.</summary>
    internal void MapDma(MemoryMapping memory, ulong ioAddress) => _device.MapDma(memory, ioAddress);

    public override void Dispose()
    {
        _device.Dispose();
        base.Dispose();
    }
}
