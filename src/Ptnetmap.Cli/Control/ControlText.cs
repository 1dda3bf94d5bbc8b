using Ptnetmap.Daemon.Api;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Control;

/// <summary>The daemon's answers for people.</summary>
internal static class ControlText
{
    private const string None = "-";

    internal static void WritePorts(IReadOnlyList<PortReport> ports, TextWriter output)
    {
        if (ports.Count == 0)
        {
            output.WriteLine("no ports; add one with 'ptnet port add vale0:NAME' or 'ptnet pipe add NAME{1'");
            return;
        }

        var table = new TextTable("port", "domain", "rings x slots", "mac", "bar", "transport", "state", "endpoint");
        foreach (PortReport port in ports)
        {
            table.Add(
                port.Name, port.Domain, $"{port.Rings} x {port.Slots}", port.Mac, port.Bar, port.Transport, port.State,
                port.Endpoint ?? port.Note ?? (port.Bridge is { } other ? $"with {other}" : None));
        }

        table.Write(output);
    }

    internal static void WritePort(PortReport port, TextWriter output)
    {
        WritePorts([port], output);
        string atFull = port.BackPressure
            ? "never drops: a full receiver stops the sender"
            : "drops for a receiver that is too slow";
        output.WriteLine($"policy {port.Policy}; {atFull}");
        if (port.Vlans is { } vlans)
        {
            output.WriteLine($"VLANs: {VlansOf(vlans)}");
        }

        if (port.Guest is { } guest)
        {
            output.WriteLine(
                $"guest: {Quantity.Of(guest.Packets, "packet")}, {Quantity.Of(guest.Bytes, "byte")}, " +
                $"{Quantity.Of(guest.Kicks, "kick")}, {Quantity.Of(guest.Sleeps, "sleep")}; lost {guest.Lost}, " +
                $"duplicated {guest.Duplicated}, reordered " +
                $"{guest.Reordered}, damaged {guest.Damaged}, bad slots {guest.BadSlots}");
        }

        if (port.Device is { } device)
        {
            WriteDevice(device, output);
        }

        if (port.Host is { } host)
        {
            WriteHost(host, output);
        }

        var table = new TextTable("ring", "head", "hwcur", "hwtail", "packets", "kicks", "interrupts", "violations",
            "missed", "drops");
        foreach (RingReport ring in port.RingState ?? [])
        {
            table.Add(
                $"{ring.Direction}{ring.Ring}", $"{ring.Head}", $"{ring.HwCur}", $"{ring.HwTail}", $"{ring.Packets}",
                $"{ring.Kicks}",
                $"{ring.Interrupts}", $"{ring.Violations}", MissedOf(ring), DropsOf(ring));
        }

        table.Write(output);
        foreach (RingReport ring in (port.RingState ?? []).Where(ring => ring.Failure is not null))
        {
            output.WriteLine($"ring {ring.Direction}{ring.Ring} stands still: {ring.Failure}");
        }
    }

    private static void WriteHost(HostReport host, TextWriter output)
    {
        string place = host.Netns is { } space ? $" in namespace {space}" : "";
        output.WriteLine(
            $"host: {host.Mode} {host.Interface}{place}; link {host.Link}; {Quantity.Of(host.Queues, "queue")}" +
            $"{(host.Mtu is { } mtu ? $"; MTU {mtu}" : "")}{(host.Mac is { } mac ? $"; MAC {mac}" : "")}");
        if (host.Counters.Count > 0)
        {
            output.WriteLine($"      {CountersOf(host.Counters)}");
        }

        if (host.Kernel is { } kernel)
        {
            output.WriteLine($"      the kernel's own, of the interface: {CountersOf(kernel)}");
        }

        if (host.Note is { } note)
        {
            output.WriteLine($"      {note}");
        }
    }

    private static string CountersOf(IReadOnlyDictionary<string, long> counters) =>
        string.Join(", ", counters.Select(counter => $"{counter.Key} {counter.Value}"));

    internal static void WriteBridges(IReadOnlyList<BridgeReport> bridges, TextWriter output)
    {
        if (bridges.Count == 0)
        {
            output.WriteLine("no bridges; connect two ports with 'ptnet bridge add tap:a tap:b' or 'ptnet switch " +
                "attach vale0 tap:a'");
            return;
        }

        var table = new TextTable("left", "right", "domain", "made for it");
        foreach (BridgeReport bridge in bridges)
        {
            table.Add(bridge.Left, bridge.Right, bridge.Domain,
                bridge.Made.Count == 0 ? None : string.Join(", ", bridge.Made));
        }

        table.Write(output);
    }

    private static void WriteDevice(DeviceReport device, TextWriter output)
    {
        output.WriteLine($"device: ptnet  {device.Socket} ({Connection(device.Connected)})");
        output.WriteLine($"        memdev {device.MemorySocket} ({Connection(device.MemoryConnected)})");
        string csb = device.Csb switch
        {
            "memory" => "in guest memory",
            "bar" => "in BAR 4",
            _ => "none: the driver has not started the port",
        };
        string features = device.Features.Count == 0
            ? "none"
            : $"{string.Join(", ", device.Features)} ({device.HeaderLength} bytes)";
        output.WriteLine($"        CSB {csb}; interrupts {device.Interrupts}; features {features}");
        output.WriteLine($"        {Quantity.Of(device.Kicks, "kick")} in " +
            $"{Quantity.Of(device.Messages, "message")}, {device.Refusals} refused");
    }

    private static string Connection(bool connected) => connected ? "QEMU is connected" : "no QEMU";

    internal static void WriteDomains(IReadOnlyList<DomainReport> domains, TextWriter output)
    {
        var table = new TextTable("domain", "region", "MiB", "used", "pages", "buffers", "free", "room", "ports");
        foreach (DomainReport domain in domains)
        {
            table.Add(
                domain.Name, $"{domain.RegionId}", $"{domain.Bytes >> 20}",
                $"{domain.PopulatedBytes / (double)(1 << 20):F1}", domain.Pages,
                $"{domain.Buffers} x {domain.BufferSize}",
                $"{domain.FreeBuffers}", $"{domain.Room}", domain.Ports.Count == 0
                    ? None
                    : string.Join(", ", domain.Ports));
        }

        table.Write(output);
    }

    internal static void WriteSwitches(IReadOnlyList<SwitchReport> switches, TextWriter output)
    {
        var table = new TextTable("switch", "ports", "addresses", "ageing", "patience");
        foreach (SwitchReport vale in switches)
        {
            table.Add(vale.Name, $"{vale.Ports.Count}", $"{vale.Addresses}", $"{vale.AgeingSeconds} s",
                vale.PatienceUs == 0 ? None : $"{vale.PatienceUs} us");
        }

        table.Write(output);
    }

    internal static void WriteSwitch(SwitchReport vale, TextWriter output)
    {
        WriteSwitches([vale], output);
        bool hasVlans = vale.Ports.Any(port => port.Vlans is not null);
        var table = new TextTable(["number", "port", "floods/s at most", .. hasVlans ? ["VLANs"] : (string[])[]]);
        foreach (SwitchPortReport port in vale.Ports)
        {
            table.Add([
                $"{port.Number}", port.Name, port.FloodLimit == 0 ? None : $"{port.FloodLimit}",
                .. hasVlans ? [VlansOf(port.Vlans)] : (string[])[],
            ]);
        }

        table.Write(output);
        WriteAttachments(vale.Attachments ?? [], output);
        WriteForwarding(vale.Forwarding ?? [], output);
    }

    private static string VlansOf(VlanReport? vlans) => vlans is null ? None
        : vlans.Vlan is { } vlan ? $"access {vlan}"
        : $"trunk {string.Join(',', vlans.Trunk ?? [])}{(vlans.Native is { } native ? $", native {native}" : "")}";

    // The first bridge is the interface's own, unless that was parted by itself.
    private static void WriteAttachments(IReadOnlyList<AttachmentReport> attachments, TextWriter output)
    {
        if (attachments.Count == 0)
        {
            return;
        }

        var table = new TextTable("attached", "connected");
        foreach (AttachmentReport attachment in attachments)
        {
            table.Add(attachment.Port,
                string.Join(", ", attachment.Bridges.Select(bridge => $"{bridge.Left} - {bridge.Right}")));
        }

        table.Write(output);
    }

    // With captures of a whole network as a port there are thousands: all of them, for who asks for one switch wants to
    // know.
    private static void WriteForwarding(IReadOnlyList<ForwardingReport> entries, TextWriter output)
    {
        if (entries.Count == 0)
        {
            output.WriteLine("no addresses: none has been learned, or all are older than the ageing time");
            return;
        }

        bool hasVlans = entries.Any(entry => entry.Vlan is not null);
        var table = new TextTable([.. hasVlans ? ["VLAN"] : (string[])[], "address", "port", "age", "kind"]);
        foreach (ForwardingReport entry in entries)
        {
            table.Add([
                .. hasVlans ? [$"{entry.Vlan}"] : (string[])[],
                entry.Address, entry.Port, entry.AgeSeconds is { } age ? $"{age:f0} s" : None, entry.Kind,
            ]);
        }

        table.Write(output);
    }

    /// <summary>A line a ring; with rates when there is an earlier report.</summary>
    internal static void WriteStats(StatsReport now, StatsReport? before, TextWriter output)
    {
        string[] rates = before is null ? [] : ["packets/s", "Mbit/s"];
        var table = new TextTable(
            ["port", "ring", "packets", .. rates, "mean batch", "kicks", "spared", "interrupts", "spared", "sleeps",
                "stalls", "violations", "missed", "drops"]);
        double seconds = before is null ? 1 : (now.MonotonicNanoseconds - before.MonotonicNanoseconds) / 1e9;
        foreach (PortStats port in now.Ports)
        {
            foreach (RingReport ring in port.Rings)
            {
                table.Add([
                    port.Port, $"{ring.Direction}{ring.Ring}", $"{ring.Packets}",
                    .. before is null ? [] : Rates(ring, Earlier(before, port.Port, ring), seconds),
                    ring.Batches == 0 ? None : $"{(double)ring.Packets / ring.Batches:f1}",
                    $"{ring.Kicks}", $"{ring.KicksSuppressed}", $"{ring.Interrupts}", $"{ring.InterruptsSuppressed}",
                    $"{ring.Sleeps}",
                    $"{ring.Stalls}", $"{ring.Violations}", MissedOf(ring), DropsOf(ring),
                ]);
            }
        }

        table.Write(output);
    }

    private static string[] Rates(RingReport ring, RingReport? before, double seconds) => before is null
        ? [None, None]
        : [$"{(ring.Packets - before.Packets) / seconds:f0}", $"{(ring.Bytes - before.Bytes) * 8 / seconds / 1e6:f1}"];

    private static RingReport? Earlier(StatsReport before, string port, RingReport ring) =>
        before.Ports.FirstOrDefault(other => string.Equals(other.Port, port, StringComparison.Ordinal))?.Rings
            .FirstOrDefault(other =>
                other.Ring == ring.Ring && string.Equals(other.Direction, ring.Direction, StringComparison.Ordinal));

    private static string MissedOf(RingReport ring) =>
        string.Equals(ring.Direction, "rx", StringComparison.Ordinal) ? $"{ring.Missed}" : None;

    private static string DropsOf(RingReport ring) => ring.Drops.Count == 0
        ? None
        : string.Join(", ", ring.Drops.Select(drop => $"{drop.Key} {drop.Value}"));
}
