using System.Globalization;
using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Cli.Doctor;

/// <summary>What this process may do (capabilities(7)).</summary>
internal static class Capabilities
{
    /// <summary>CAP_NET_ADMIN: interfaces are made and changed.</summary>
    internal const int NetAdmin = 12;

    /// <summary>CAP_NET_RAW: AF_XDP sockets.</summary>
    internal const int NetRaw = 13;

    /// <summary>CAP_IPC_LOCK: memory is locked without a limit.</summary>
    internal const int IpcLock = 14;

    private const string StatusFile = "/proc/self/status";

    internal static bool Has(int number) =>
        ulong.TryParse(ProcFile.Field(StatusFile, "CapEff"), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out ulong effective)
        && (effective >> number & 1) != 0;
}
