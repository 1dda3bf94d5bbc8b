using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Which files the captures of a daemon are in. A file has any number of ports that replay it, or one that
/// writes it; what else of the daemon's is open, or needed, is written by none. Files are told apart by what they are
/// and not by their names. For any number of threads.</summary>
/// <param name="needed">Names of files that no capture may be written to, asked for each time.</param>
public sealed class CaptureClaims(Func<IEnumerable<string>> needed)
{
    private readonly Lock _lock = new();
    private readonly List<Claim> _claims = [];

    /// <summary>With nothing that is needed.</summary>
    public CaptureClaims() : this(() => [])
    {
    }

    /// <summary>Claims a file that is to be replayed.</summary>
    /// <exception cref="PcapException">A port writes it.</exception>
    internal IDisposable Reading(RegularFile file)
    {
        lock (_lock)
        {
            if (Find(file.Identity, claim => claim.IsWritten) is { } writer)
            {
                throw new PcapException(
                    $"{file.Path} is {writer.Path}, which a port writes: it cannot be replayed meanwhile");
            }

            return Add(file, isWritten: false);
        }
    }

    /// <summary>Claims a file that is to be written, before it is emptied.</summary>
    /// <exception cref="PcapException">It is in use.</exception>
    internal IDisposable Writing(RegularFile file)
    {
        lock (_lock)
        {
            if (Find(file.Identity, _ => true) is { } other)
            {
                string use = other.IsWritten ? "writes" : "replays";
                throw new PcapException(
                    $"{file.Path} is " +
                    $"{other.Path}, which a port {use}: it would be emptied; name another file to write");
            }

            if (file.Identity.IsOpenHere(file.Number) || needed().Any(name => IsAt(name, file.Identity)))
            {
                throw new PcapException(
                    $"{file.Path} is a file of the daemon's own, its log or configuration say; name another to write");
            }

            return Add(file, isWritten: true);
        }
    }

    private static bool IsAt(string name, FileIdentity file)
    {
        try
        {
            return FileStatus.TryFollow(name) is { } there && there.Identity == file;
        }
        catch (LinuxException)
        {
            // It cannot be looked at any more, and so is none that could be opened.
            return false;
        }
    }

    private Claim? Find(FileIdentity file, Predicate<Claim> which) =>
        _claims.Find(claim => claim.File == file && which(claim));

    private Claim Add(RegularFile file, bool isWritten)
    {
        var claim = new Claim(this, file.Path, file.Identity, isWritten);
        _claims.Add(claim);
        return claim;
    }

    private sealed class Claim(CaptureClaims all, string path, FileIdentity file, bool isWritten) : IDisposable
    {
        internal string Path => path;

        internal FileIdentity File => file;

        internal bool IsWritten => isWritten;

        public void Dispose()
        {
            lock (all._lock)
            {
                _ = all._claims.Remove(this);
            }
        }
    }
}
