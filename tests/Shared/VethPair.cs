using System.Net;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.TestSupport;

/// <summary>Two interfaces, each in a network namespace of its own, connected to each other and up. All of it is gone
/// once this object is.</summary>
public sealed class VethPair : IDisposable
{
    private const string DisableIpv6 = "/proc/sys/net/ipv6/conf/default/disable_ipv6";

    public VethPair(int queues = 1)
    {
        LeftSpace = NetworkNamespace.Create();
        RightSpace = NetworkNamespace.Create();
        LeftLinks = LeftSpace.Run(() => new Links());
        RightLinks = RightSpace.Run(() => new Links());

        // No neighbour discovery, also on interfaces that are made later: the test's frames are the only ones.
        LeftSpace.Run(() => File.WriteAllText(DisableIpv6, "1"));
        RightSpace.Run(() => File.WriteAllText(DisableIpv6, "1"));
        LeftLinks.CreateVeth("left", "right", queues, RightSpace);
        Left = LeftLinks.TryGet("left")!.Index;
        Right = RightLinks.TryGet("right")!.Index;
        LeftLinks.SetUp(Left);
        RightLinks.SetUp(Right);

        // It came up before the other end was: what its kernel sends is dropped until the kernel has seen to that,
        // which it does for who asks.
        _ = LeftLinks.TryGet("left");
    }

    public NetworkNamespace LeftSpace { get; }

    public NetworkNamespace RightSpace { get; }

    public Links LeftLinks { get; }

    public Links RightLinks { get; }

    /// <summary>The number of the interface in the left namespace.</summary>
    public int Left { get; }

    /// <summary>The number of the interface in the right namespace.</summary>
    public int Right { get; }

    /// <summary>Gives the ends 10.9.0.1 and 10.9.0.2.</summary>
    public void AddAddresses()
    {
        LeftLinks.AddAddress(Left, IPAddress.Parse("10.9.0.1"), 24);
        RightLinks.AddAddress(Right, IPAddress.Parse("10.9.0.2"), 24);
    }

    public void Dispose()
    {
        _ = LeftLinks.TryDelete(Left);
        LeftLinks.Dispose();
        RightLinks.Dispose();
        LeftSpace.Dispose();
        RightSpace.Dispose();
    }
}
