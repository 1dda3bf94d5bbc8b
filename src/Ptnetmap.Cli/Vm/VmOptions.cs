using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Control;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Vm;

/// <summary>What describes a virtual machine to the daemon.</summary>
internal sealed class VmOptions
{
    internal Option<long> Memory { get; } = new("--memory")
    {
        Description = "The guest's memory: 512M, 2G.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => new VmSettings().MemoryMiB,
        CustomParser = ParseMemory,
    };

    internal Option<bool> Iommu { get; } = Choice.Flag(
        "--iommu", "With a virtual IOMMU: 'ptnet guest' in the VM then has MSI-X (kernel: intel_iommu=on).");

    internal Option<string> Guest { get; } = Choice.Word(
        "--guest", "The guest's system; freebsd: with the PCI Express port that it needs for MSI-X.", new VmSettings().Guest, [.. Names.Guests]);

    internal Option<long> Patience { get; } = Choice.Whole(
        "--patience", "SECONDS", "Seconds that QEMU waits for the daemon before it gives a device up for good (5 to 3600).", "patience",
        new VmSettings().PatienceSeconds);

    /// <summary>Asks the daemon how QEMU is to be started.</summary>
    internal (VmReport Vm, string Text) Ask(ParseResult parsed, ControlClient client, IEnumerable<string> ports)
    {
        string query = string.Join('&', ports.Select(port => $"port={Uri.EscapeDataString(ControlCommand.Whole(port))}"));
        string iommu = parsed.GetValue(Iommu) ? "&iommu=true" : "";
        string rest = $"&memory_mib={parsed.GetValue(Memory)}&patience={parsed.GetValue(Patience)}&guest={parsed.GetValue(Guest)}{iommu}";
        return client.Get($"/v1/vm/arguments?{query}{rest}", ApiJson.Default.VmReport);
    }

    private static long ParseMemory(ArgumentResult argument)
    {
        string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        (string digits, long unit) = text.Length == 0 ? (text, 1L) : text[^1] switch
        {
            'M' => (text[..^1], 1L),
            'G' => (text[..^1], 1L << 10),
            'T' => (text[..^1], 1L << 20),
            _ => (text, 1L),
        };
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number * unit is >= VmSettings.LeastMemory and <= VmSettings.MostMemory)
        {
            return number * unit;
        }

        argument.AddError(
            $"--memory {Printable.Name(text)}: expected {VmSettings.LeastMemory}M to {VmSettings.MostMemory >> 20}T (a number alone is MiB)");
        return VmSettings.LeastMemory;
    }
}
