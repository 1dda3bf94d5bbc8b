using System.Globalization;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Hosting;

/// <summary>Whom a daemon, or who speaks to one, has to trust anyway: root, and its own user.</summary>
public static class Users
{
    private const uint Root = 0;

    /// <summary>True for root and for this process's user.</summary>
    public static bool IsTrusted(uint user) => user == Root || user == DirectoryAccess.User || user == Unmapped;

    /// <summary>How a user is called in messages.</summary>
    public static string NameOf(uint user) =>
        user == Root ? "root" : string.Create(CultureInfo.InvariantCulture, $"user {user}");

    // In a user namespace the machine's root has no number of its own, and owns what everything else lies in.
    private static uint? Unmapped { get; } = ReadUnmapped();

    private static uint? ReadUnmapped()
    {
        try
        {
            string[] map = File.ReadAllText("/proc/self/uid_map").Split(' ',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return map is ["0", "0", "4294967295"]
                ? null
                : uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid"), CultureInfo.InvariantCulture);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
