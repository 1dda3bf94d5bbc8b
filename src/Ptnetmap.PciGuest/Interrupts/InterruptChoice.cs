using Ptnetmap.Linux;
using Ptnetmap.Linux.Pci;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest.Devices;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.PciGuest.Interrupts;

/// <summary>Finds interrupts that work here: MSI-X, else INTx, else none.</summary>
internal static class InterruptChoice
{
    private const string VfioDriver = "vfio-pci";
    private const string UioDriver = "uio_pci_generic";

    /// <summary>Makes the interrupts that were asked for, or the best there are; tells <paramref name="note"/> of
    /// none.</summary>
    /// <exception cref="LinuxException">What was asked for cannot be had.</exception>
    internal static InterruptSource Make(
        PtnetDevice device, int rings, Func<int, CsbGuestView> csb, InterruptKind asked, Action<string>? note)
    {
        var obstacles = new List<string>();
        if (asked is InterruptKind.Auto or InterruptKind.Vfio
            && Try(() => Vfio(device, rings), obstacles) is { } vfio)
        {
            return vfio;
        }

        if (asked is InterruptKind.Auto or InterruptKind.Uio
            && Try(() => Uio(device, rings), obstacles) is { } uio)
        {
            return uio;
        }

        if (asked is InterruptKind.Vfio or InterruptKind.Uio)
        {
            throw new LinuxException($"ptnet {device.Function.Address}: {string.Join("; ", obstacles)}");
        }

        string why = obstacles.Count == 0 ? "as asked for" : string.Join("; ", obstacles);
        note?.Invoke(
            $"ptnet {device.Function.Address} has no interrupts " +
            $"({why}): it is polled, up to a thousand times a second when idle");
        return new PollingInterrupts(rings, csb);
    }

    private static VfioInterrupts Vfio(PtnetDevice device, int rings)
    {
        PciFunction function = device.Function;
        int group = function.IommuGroup ?? throw new LinuxException(
            "MSI-X wants a virtual IOMMU (QEMU: -device intel-iommu,intremap=on,caching-mode=on; kernel: " +
            "intel_iommu=on)");
        ThrowIf(function.Bind(VfioDriver));
        VfioDevice vfio = VfioDevice.Open(group, function.Address);
        try
        {
            // vfio-pci has just reset the device.
            function.Enable();
            return new VfioInterrupts(vfio, rings);
        }
        catch
        {
            vfio.Dispose();
            throw;
        }
    }

    private static UioInterrupts Uio(PtnetDevice device, int rings)
    {
        PciFunction function = device.Function;
        if (!function.HasInterruptPin || !device.CanAcknowledge)
        {
            throw new LinuxException("the device has no interrupt pin (INTx), or no register to take it down");
        }

        ThrowIf(function.Bind(UioDriver));
        string path = function.UioPath ?? throw new LinuxException($"{UioDriver} made no /dev/uio");
        function.Enable();
        UioDevice uio = UioDevice.Open(path);
        try
        {
            return new UioInterrupts(uio, function.OpenConfig(), device.Acknowledge, rings);
        }
        catch
        {
            uio.Dispose();
            throw;
        }
    }

    private static InterruptSource? Try(Func<InterruptSource> make, List<string> obstacles)
    {
        try
        {
            return make();
        }
        catch (LinuxException refusal)
        {
            obstacles.Add(refusal.Message);
            return null;
        }
    }

    private static void ThrowIf(string? obstacle)
    {
        if (obstacle is not null)
        {
            throw new LinuxException(obstacle);
        }
    }
}
