using System.Globalization;

namespace Ptnetmap.Linux.Net;

/// <summary>The network namespaces that this process can enter: those that a file is mounted on, and those of the
/// processes that it sees. One that only a descriptor of another process keeps is not among them.</summary>
public static class ReachableNamespaces
{
    private const string Processes = "/proc";

    /// <summary>Opens one after the other, that of the calling thread first, each once. Whoever takes one closes
    /// it.</summary>
    /// <exception cref="LinuxException">That of the calling thread cannot be opened: no descriptor is left.</exception>
    public static IEnumerable<NetworkNamespace> Open()
    {
        var seen = new HashSet<ulong>();
        NetworkNamespace own = NetworkNamespace.Current();
        _ = seen.Add(own.Id);
        yield return own;
        foreach (string path in Paths())
        {
            if (!seen.Contains(NetworkNamespace.IdOf(path)) && TryOpen(path) is { } space)
            {
                if (seen.Add(space.Id))
                {
                    yield return space;
                }
                else
                {
                    space.Dispose();
                }
            }
        }
    }

    private static IEnumerable<string> Paths() => NamespaceNames.Read().Keys.Concat(
        from process in Directory.EnumerateDirectories(Processes)
        where int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select $"{process}/ns/net");

    // A process ends, and a name goes, while we look.
    private static NetworkNamespace? TryOpen(string path)
    {
        try
        {
            return NetworkNamespace.OpenNamed(path);
        }
        catch (LinuxException)
        {
            return null;
        }
    }
}
