using System.Net;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Lab.Yardsticks;

/// <summary>Two network namespaces with an address each, connected as containers are: a veth pair from each to a bridge
/// in a third one. Nobody else sees any of it, and it is gone with this object, and with the process.</summary>
internal sealed class BridgedPair : IDisposable
{
    private const string BridgeName = "bridge0";
    private const string LeftName = "left0";
    private const string RightName = "right0";
    private const string InsideName = "guest0";
    private const int PrefixLength = 24;

    private readonly NetworkNamespace _middle;
    private readonly Links _links;

    internal BridgedPair()
    {
        _middle = NetworkNamespace.Create();
        _links = _middle.Run(() => new Links());
        Left = NetworkNamespace.Create();
        Right = NetworkNamespace.Create();
        _links.CreateBridge(BridgeName);
        int bridge = _links.TryGet(BridgeName)!.Index;
        _links.SetUp(bridge);
        Connect(bridge, LeftName, Left, LeftAddress);
        Connect(bridge, RightName, Right, RightAddress);
    }

    internal static IPAddress LeftAddress { get; } = IPAddress.Parse("10.9.0.1");

    internal static IPAddress RightAddress { get; } = IPAddress.Parse("10.9.0.2");

    /// <summary>Where <see cref="LeftAddress"/> is.</summary>
    internal NetworkNamespace Left { get; }

    /// <summary>Where <see cref="RightAddress"/> is.</summary>
    internal NetworkNamespace Right { get; }

    public void Dispose()
    {
        foreach (string name in (string[])[LeftName, RightName, BridgeName])
        {
            if (_links.TryGet(name) is { } link)
            {
                _ = _links.TryDelete(link.Index);
            }
        }

        _links.Dispose();
        _middle.Dispose();
        Left.Dispose();
        Right.Dispose();
    }

    private void Connect(int bridge, string name, NetworkNamespace space, IPAddress address)
    {
        _links.CreateVeth(name, InsideName, peerNamespace: space);
        int port = _links.TryGet(name)!.Index;
        _links.Enslave(port, bridge);
        _links.SetUp(port);
        space.Run(() =>
        {
            using var links = new Links();
            int inside = links.TryGet(InsideName)!.Index;
            links.SetUp(inside);
            links.AddAddress(inside, address, PrefixLength);
        });
    }
}
