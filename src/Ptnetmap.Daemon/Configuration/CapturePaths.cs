using Ptnetmap.HostPorts.Pcap;


namespace Ptnetmap.Daemon.Configuration;

/// <summary>Where the files of captures are. A user's are in the user's directory and a configuration's in its own, so
/// names are made whole where they are written; the daemon's own directory stands for nothing.</summary>
public static class CapturePaths
{
    /// <summary>The name of a port with its files' whole paths; names of other ports as they are.</summary>
    /// <param name="port">The name.</param>
    /// <param name="directory">Where relative names begin.</param>
    public static string Whole(string port, string directory) => Whole(port, () => directory);

    /// <summary>The same, with a directory that is asked for only when a name is relative.</summary>
    public static string Whole(string port, Func<string> directory) =>
        port.StartsWith(PortName.PcapPrefix, StringComparison.Ordinal)
            ? PortName.PcapPrefix + string.Join(
                ',', port[PortName.PcapPrefix.Length..].Split(',')
                    .Select(file => IsRelative(file) ? Join(directory(), file) : file))
            : port;

    /// <summary>All that a configuration in <paramref name="directory"/> says, with whole paths.</summary>
    public static DaemonSettings Whole(DaemonSettings settings, string directory) => settings with
    {
        Ports = [.. settings.Ports.Select(port => port with { Name = Whole(port.Name, directory) })],
        Bridges =
        [
            .. settings.Bridges.Select(bridge => bridge with
            {
                Left = Whole(bridge.Left, directory), Right = Whole(bridge.Right, directory),
            }),
        ],
        Attachments = [
            .. settings.Attachments.Select(attachment => attachment with { Port = Whole(attachment.Port, directory) })],
    };

    /// <summary>The first file of a capture's name that is not a whole path; null when there is none.</summary>
    internal static string? RelativeOf(PortName name) => name.Part.Split(',').FirstOrDefault(IsRelative);

    private static bool IsRelative(string file) =>
        file.Length != 0 && file[0] != '/' && !string.Equals(file, PcapPortOptions.NoFile, StringComparison.Ordinal);

    // Without taking '..' and what is before it for nothing: that may be a symbolic link, which leads elsewhere.
    private static string Join(string directory, string file) =>
        "/" + string.Join('/', $"{directory}/{file}".Split('/').Where(part => part is not ("" or ".")));
}
