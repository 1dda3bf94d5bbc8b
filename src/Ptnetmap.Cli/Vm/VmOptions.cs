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
    private static readonly WholeSetting<VmSettings> Memory = (WholeSetting<VmSettings>)SettingTables.Vm
        .Find("memory_mib");

    private readonly SettingOptions<VmSettings> _options = new(SettingTables.Vm, except: Memory.Name);

    private readonly Option<long> _memory = new(Memory.OptionName)
    {
        Description = "The guest's memory: 512M, 2G.",
        HelpName = "SIZE",
        DefaultValueFactory = _ => Memory.Usual!.Value,
        CustomParser = ParseMemory,
    };

    /// <summary>The options.</summary>
    internal IEnumerable<Symbol> All => [_memory, .. _options.All];

    /// <summary>What they say.</summary>
    internal VmSettings Read(ParseResult parsed) =>
        _options.Read(parsed, new VmSettings { MemoryMiB = (int)parsed.GetValue(_memory) });

    /// <summary>Asks the daemon how QEMU is to be started.</summary>
    internal (VmReport Vm, string Text) Ask(ParseResult parsed, ControlClient client, IEnumerable<string> ports)
    {
        VmSettings vm = Read(parsed);
        string query = string.Join('&',
            ports.Select(port => $"port={Uri.EscapeDataString(ControlCommand.Whole(port))}"));
        string iommu = vm.Iommu ? "&iommu=true" : "";
        string rest = $"&memory_mib={vm.MemoryMiB}&patience={vm.PatienceSeconds}&guest={vm.Guest}{iommu}";
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
            && Memory.Limits.Holds(number * unit))
        {
            return number * unit;
        }

        argument.AddError(
            $"--memory {Printable.Name(text)}: expected " +
            $"{Memory.Limits.Low}M to {Memory.Limits.High >> 20}T (a number alone is MiB)");
        return Memory.Limits.Low;
    }
}
