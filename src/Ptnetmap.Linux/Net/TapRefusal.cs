using System.Globalization;

namespace Ptnetmap.Linux.Net;

/// <summary>Why <c>TUNSETIFF</c> does not give a queue of an interface, and what helps: the kernel has one number for
/// several causes (drivers/net/tun.c).</summary>
internal static class TapRefusal
{
    private const int NotPermitted = 1;
    private const int TooMany = 7;
    private const int Busy = 16;
    private const int Invalid = 22;
    private const string TapKind = "tun";

    /// <summary>Says it, in the calling thread's namespace.</summary>
    /// <param name="name">The interface that was asked for.</param>
    /// <param name="errno">What the kernel answered.</param>
    /// <param name="multiQueue">One of several queues was asked for.</param>
    /// <returns>Null when there is nothing more to say than the number does.</returns>
    internal static string? Explain(string name, int errno, bool multiQueue)
    {
        LinkInfo? link = Find(name);
        return link is null ? ExplainMaking(name, errno)
            : !string.Equals(link.Kind, TapKind, StringComparison.Ordinal)
                ? $"an interface {name} is there and is " +
                    $"{(link.Kind.Length == 0 ? "a device's" : $"a {link.Kind}")} and no TAP; choose another name"
            : link.Tap is { IsTap: false } ? $"{name} is there and is a TUN interface, which has packets without " +
                "Ethernet headers; choose another name"
            : errno switch
            {
                Invalid when link.Tap is { } tap && tap.IsMultiQueue != multiQueue => ExplainQueues(name, multiQueue),
                NotPermitted => $"{name} belongs to {OwnerOf(link.Tap)} (CAP_NET_ADMIN)",
                Busy => $"{TapUsers.Of(name)} has its only queue; end it, or choose another interface",
                TooMany => $"{name} has no more queues (ip -d link show {name} tells how many are in use)",
                _ => null,
            };
    }

    private static string? ExplainMaking(string name, int errno) => errno switch
    {
        NotPermitted => "making interfaces is for root (CAP_NET_ADMIN)",
        Invalid when name is "all" or "default" => "the kernel keeps the name " +
            $"{name} for what it sets for all interfaces (net.ipv4.conf.{name}); choose another",
        _ => null,
    };

    private static string ExplainQueues(string name, bool multiQueue) => multiQueue
        ? $"{name} is there and can have one queue only; make it anew with several: ip link del " +
            $"{name}; ip tuntap add {name} mode tap multi_queue"
        : $"{name} is there and can have several queues, and one of an interface with one was asked for; " +
            $"make it anew with one: ip link del {name}; ip tuntap add {name} mode tap";

    private static string OwnerOf(TapState? tap) => (tap?.Owner, tap?.Group) switch
    {
        ({ } user, null) => string.Create(CultureInfo.InvariantCulture, $"user {user}; be that user, or root"),
        (null, { } group) => string.Create(CultureInfo.InvariantCulture, $"group {group}; be of that group, or root"),
        ({ } user, { } group) => string.Create(CultureInfo.InvariantCulture,
            $"user {user} and group {group}; be that user and of that group, or root"),
        _ => "root; be root",
    };

    private static LinkInfo? Find(string name)
    {
        try
        {
            using var links = new Links();
            return links.TryGet(name);
        }
        catch (LinuxException)
        {
            // A template (tap%d), or there is no descriptor left: the number has to do.
            return null;
        }
    }
}
