using System.Globalization;

namespace Ptnetmap.Linux.Net;

/// <summary>Which network namespaces have a name: a file that they are mounted on (<c>ip netns add</c>), as
/// <c>/proc/self/mountinfo</c> tells (<c>proc_pid_mountinfo(5)</c>). One thread at a time.</summary>
public sealed class NamespaceNames : IDisposable
{
    private const string Table = "/proc/self/mountinfo";
    private const string OldPrefix = "/var";
    private const string OldDirectory = $"{OldPrefix}{NetworkNamespace.Directory}/";
    private const int RootField = 3;
    private const int PlaceField = 4;

    private readonly FileDescriptor _file;

    /// <summary>Opens the table.</summary>
    /// <exception cref="LinuxException">No descriptor left.</exception>
    public NamespaceNames()
    {
        int number = Libc.Open(Table, Libc.OCloexec);
        _file = number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last($"open({Table})");
    }

    /// <summary>Has <paramref name="epoll"/> tell once of each change of the table.</summary>
    public void TellOfChanges(Epoll epoll, ulong tag) => epoll.WatchUrgent(_file, tag);

    /// <summary>The namespaces with a name now: their numbers (<see cref="NetworkNamespace.IdOfThisThread"/>) by the
    /// full paths of their files.</summary>
    public static IReadOnlyDictionary<string, ulong> Read() => Parse(File.ReadLines(Table));

    /// <summary>The full path of a name as <see cref="NetworkNamespace.OpenNamed"/> takes it.</summary>
    public static string PathOf(string name) =>
        !name.Contains('/', StringComparison.Ordinal) ? Path.Combine(NetworkNamespace.Directory, name)
        : Path.GetFullPath(name) is var path && path.StartsWith(OldDirectory, StringComparison.Ordinal)
            ? path[OldPrefix.Length..]
        : path;

    /// <summary>What a namespace is called: its name of <c>ip netns</c>, or the path of its file, or its number where
    /// it has none. Null for the process's own.</summary>
    public static string? NameOf(ulong id)
    {
        if (id == NetworkNamespace.IdOfProcess())
        {
            return null;
        }

        string? path = Read().FirstOrDefault(pair => pair.Value == id).Key;
        return path is null ? $"net:[{id}]"
            : string.Equals(Path.GetDirectoryName(path), NetworkNamespace.Directory, StringComparison.Ordinal)
                ? Path.GetFileName(path)
            : path;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // "82 25 0:4 net:[4026532208] /run/netns/blue rw shared:9 - nsfs nsfs rw"; of several mounts on a place, the last
    // counts.
    internal static IReadOnlyDictionary<string, ulong> Parse(IEnumerable<string> lines)
    {
        var names = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (string[] fields in lines.Select(line => line.Split(' ')))
        {
            if (fields.Length > PlaceField && fields[RootField] is ['n', 'e', 't', ':', '[', .. var number, ']']
                && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id))
            {
                names[fields[PlaceField]] = id;
            }
        }

        return names;
    }
}
