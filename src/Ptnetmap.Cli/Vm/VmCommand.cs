using System.CommandLine;

namespace Ptnetmap.Cli.Vm;

/// <summary><c>ptnet vm</c>.</summary>
internal static class VmCommand
{
    internal static Command Create() => new("vm", "Start an unmodified QEMU with ports of the daemon")
    {
        VmArgsCommand.Create(),
        VmRunCommand.Create(),
    };
}
