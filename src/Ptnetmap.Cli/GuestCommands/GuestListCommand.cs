using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Reports;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Devices;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary><c>ptnet guest list</c>.</summary>
internal static class GuestListCommand
{
    private const string Lesson =
        """
        Reads the devices' registers, which needs root. No port is started by it, and one that a program has open
        goes on.
        """;

    internal static Command Create(GuestOptions options, PciCarrier pci)
    {
        var command = new TeachingCommand("list", "The ports and regions that the host passed through", Lesson)
        {
            options.Json, pci.Bus,
        };
        command.SetAction(parsed => Run(options, pci, parsed));
        return command;
    }

    private static int Run(GuestOptions options, PciCarrier pci, ParseResult parsed)
    {
        using GuestBus bus = pci.OpenBus(parsed);
        GuestPortLine[] ports = [.. bus.Ports().Select(Line)];
        GuestRegionLine[] regions = [.. bus.Memdevs().Select(Line)];
        var json = new JsonTarget(parsed.GetValue(options.Json));
        Write(ports, regions, json.People);
        json.Write(new GuestListReport(ports, regions), CommandJson.Line.GuestListReport);
        return ExitCode.Success;
    }

    private static void Write(GuestPortLine[] ports, GuestRegionLine[] regions, TextWriter output)
    {
        if (ports.Length == 0)
        {
            output.WriteLine("No ptnet device (1b36:000d): the host passed no port through.");
        }
        else
        {
            var table = new TextTable("port", "pci", "mac", "rings", "slots", "region", "bar0", "csb");
            foreach (GuestPortLine port in ports)
            {
                table.Add(
                    $"{port.Port}", port.Pci, port.Mac, $"{port.TxRings}+{port.RxRings}",
                    port.TxSlots == port.RxSlots ? $"{port.TxSlots}" : $"{port.TxSlots}+{port.RxSlots}",
                    $"{port.Region}", port.Bar0, port.CsbBar ? "bar" : "memory");
            }

            table.Write(output);
        }

        if (regions.Length > 0)
        {
            var table = new TextTable("region", "pci", "size", "buffers", "buffer size");
            foreach (GuestRegionLine region in regions)
            {
                table.Add($"{region.Region}", region.Pci, $"{region.Bytes >> 20} MiB", $"{region.Buffers}",
                    $"{region.BufferSize}");
            }

            table.Write(output);
        }
    }

    private static GuestPortLine Line(PtnetPort port, int number) => new(
        number, port.Address, port.Driver, port.Mac.ToString(), port.MemoryId, port.TxRings, port.RxRings, port.TxSlots,
        port.RxSlots,
        port.IoPorts ? "io" : "memory", port.CsbBar);

    private static GuestRegionLine Line(Memdev memdev) => new(
        memdev.Layout.Id, memdev.Address, memdev.Layout.Size, memdev.BarSize, memdev.Layout.Buffers.Count,
        memdev.Layout.Buffers.ObjectSize);
}
