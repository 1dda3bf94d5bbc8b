using System.Text;
using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Api;

/// <summary>Composes QEMU's arguments: guest memory that the daemon can map (the CSB is in it), then a memdev a region,
/// then a ptnet a port. The memdevs come first, so that the guest knows each region before a port of it.</summary>
public static class VmArguments
{
    private const string Backend = "mem";

    // FreeBSD refuses MSI-X unless some device of the machine has a PCI Express capability. QEMU's pcie-root-port has
    // the ids of ptnetmap-memdev, which FreeBSD's driver claims: Intel's has not.
    private static readonly string[] ExpressPort = ["-device", "ioh3420,id=express,chassis=1"];

    // QEMU has no limit; more than this nobody reads.
    private const int LongestId = 80;

    /// <summary>The arguments of a virtual machine.</summary>
    /// <exception cref="RefusalException">A port is not there, or is none that QEMU could be given.</exception>
    public static VmReport Of(Inventory inventory, VmSettings vm)
    {
        Fault[] faults = [.. SettingsRules.Check(vm)];
        if (faults.Length > 0)
        {
            throw new RefusalException(faults);
        }

        ServedPort[] ports = [.. vm.Ports.Select(inventory.FindPort)];
        Array.ForEach(ports, RefuseBridged);
        VmDeviceReport[] devices = [.. MemdevsOf(ports), .. ports.Select(PtnetOf)];
        string irqChip = vm.Iommu ? ",kernel-irqchip=split" : "";
        string[] iommu = vm.Iommu ? ["-device", "intel-iommu,intremap=on,caching-mode=on"] : [];
        return new VmReport
        {
            Arguments =
            [
                "-machine", $"q35,memory-backend={Backend}{irqChip}",
                "-m", $"{vm.MemoryMiB}M",
                "-object", $"memory-backend-memfd,id={Backend},size={vm.MemoryMiB}M,share=on",
                .. iommu,
                .. string.Equals(vm.Guest, "freebsd", StringComparison.Ordinal) ? ExpressPort : [],
                .. devices.SelectMany(device => (string[])["-device", OptionOf(device, vm.PatienceSeconds)]),
            ],
            MemoryMib = vm.MemoryMiB,
            Devices = devices,
            Notes = [.. ports.SelectMany(NotesOf)],
        };
    }

    // Of the ports of one region the first one's memdev: a port is one VM's, so nobody else wants it.
    private static IEnumerable<VmDeviceReport> MemdevsOf(IEnumerable<ServedPort> ports) =>
        ports.DistinctBy(port => port.Domain).Select(port => new VmDeviceReport(
            $"memdev-{port.Domain.Region.Layout.Id}", "memdev", port.Domain.Name, DeviceOf(port).MemorySocket));

    private static VmDeviceReport PtnetOf(ServedPort port) =>
        new($"ptnet-{IdOf(port.Name)}", "ptnet", port.Name, DeviceOf(port).Socket);

    // Whether or not it could be a VM's: while it is connected, nobody else gets in.
    private static void RefuseBridged(ServedPort port)
    {
        if (port.Bridge is not { } bridge)
        {
            return;
        }

        ServedPort other = bridge.Other(port);
        string part = $"part them first (ptnet bridge rm {port.Name})" +
            (bridge.Made.Contains(port) ? $", and make it anew for the VM (ptnet port add {port.Name})" : "");
        string remedy = other.Port is ValePort vale
            ? $"give the VM a port of its own on {vale.Switch.Name} (ptnet port add {vale.Switch.Name}:NAME), or {part}"
            : part;
        throw new RefusalException(
            RefusalKind.Conflict, $"port {port.Name} is connected with " +
                $"{other.Name} inside the daemon, so no VM can have it; {remedy}");
    }

    private static DeviceState DeviceOf(ServedPort port) => port.Transport.Device ?? throw new RefusalException(
        RefusalKind.Conflict,
        $"port {port.Name} has transport " +
        $"'{port.Transport.Kind}', so no VM can have it; remove it and add it with transport 'qemu'");

    private static string IdOf(string port) => NameSpelling.QemuId.Of(port, LongestId);

    // QEMU takes a socket only as JSON. By itself it waits 5 s for a reply, then gives the device up and never comes
    // back to it.
    private static string OptionOf(VmDeviceReport device, int patienceSeconds)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = ApiJson.Plain.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("driver", "vfio-user-pci");
            json.WriteString("id", device.Id);
            json.WriteStartObject("socket");
            json.WriteString("type", "unix");
            json.WriteString("path", device.Socket);
            json.WriteEndObject();
            json.WriteNumber("x-msg-timeout", patienceSeconds * 1000);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static IEnumerable<string> NotesOf(ServedPort port)
    {
        if (DeviceOf(port).IsConnected)
        {
            yield return $"port {port.Name} has a QEMU already; a second one will not be let in";
        }

        if (port.Transport.State == TransportState.Detached)
        {
            yield return $"port {port.Name} is detached; let guests in with: ptnet port attach {port.Name}";
        }
    }
}
