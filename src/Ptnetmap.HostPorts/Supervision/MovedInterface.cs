using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>An interface that somebody has moved to another network namespace, which stays open as long as this
/// object.</summary>
/// <param name="Space">Where it is.</param>
/// <param name="Link">What it is there.</param>
internal sealed record MovedInterface(NetworkNamespace Space, LinkInfo Link) : IDisposable
{
    /// <summary>Where one is that is in no namespace that can be entered, for messages.</summary>
    internal const string Nowhere = "a network namespace that has neither a name nor a process";

    /// <summary>What the namespace is called; null: it is the process's own.</summary>
    internal string? SpaceName { get; } = NamespaceNames.NameOf(Space.Id);

    /// <summary>The namespace, for messages.</summary>
    internal string Place => SpaceName is { } name ? $"network namespace {name}" : "the daemon's own network namespace";

    /// <summary>Looks for an interface in all namespaces that can be entered.</summary>
    /// <param name="isIt">Whether an interface is the one.</param>
    /// <returns>Null when it is in none of them.</returns>
    /// <exception cref="LinuxException">No descriptor left.</exception>
    internal static MovedInterface? Find(Func<LinkInfo, bool> isIt)
    {
        foreach (NetworkNamespace space in ReachableNamespaces.Open())
        {
            if (FindIn(space, isIt) is { } link)
            {
                return new MovedInterface(space, link);
            }

            space.Dispose();
        }

        return null;
    }

    /// <summary>Looks for an interface in one.</summary>
    /// <returns>Null when it is not there, or the namespace is another user's and may not be entered.</returns>
    internal static LinkInfo? FindIn(NetworkNamespace space, Func<LinkInfo, bool> isIt)
    {
        try
        {
            return space.Run(() =>
            {
                using var links = new Links();
                return links.List().FirstOrDefault(isIt);
            });
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    public void Dispose() => Space.Dispose();
}
