using Ptnetmap.Linux.Net;

namespace Ptnetmap.Lab.Beds;

/// <summary>Two interfaces that are connected to each other, each in a network namespace of its own that nobody else
/// sees. All of it is gone with this object, and with the process.</summary>
public sealed class VethLink : IDisposable
{
    private const string LeftName = "ptnet0";
    private const string RightName = "ptnet1";
    private const int UsualMtu = 1500;

    private readonly NetworkNamespace _left;
    private readonly NetworkNamespace _right;

    /// <summary>Makes it, up.</summary>
    /// <param name="queues">Queues of each interface.</param>
    /// <param name="frame">Longest frame that is to fit.</param>
    public VethLink(int queues, int frame)
    {
        _left = NetworkNamespace.Create();
        _right = NetworkNamespace.Create();
        _left.Run(() =>
        {
            using var links = new Links();
            links.CreateVeth(LeftName, RightName, queues, _right);
        });
        int mtu = Math.Max(UsualMtu, frame - Ethernet.HeaderLength);
        Left = Prepare(_left, LeftName, mtu);
        Right = Prepare(_right, RightName, mtu);
    }

    /// <summary>The left interface, and where it is.</summary>
    public (string Interface, string Namespace) Left { get; }

    /// <summary>The right one.</summary>
    public (string Interface, string Namespace) Right { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Run(() =>
        {
            using var links = new Links();
            if (links.TryGet(LeftName) is { } link)
            {
                _ = links.TryDelete(link.Index);
            }
        });
        _left.Dispose();
        _right.Dispose();
    }

    // No neighbour discovery: the bench's frames are the only ones.
    private static (string, string) Prepare(NetworkNamespace space, string name, int mtu)
    {
        space.Run(() =>
        {
            string ipv6 = $"/proc/sys/net/ipv6/conf/{name}/disable_ipv6";
            if (File.Exists(ipv6))
            {
                File.WriteAllText(ipv6, "1");
            }

            using var links = new Links();
            int index = links.TryGet(name)!.Index;
            links.SetMtu(index, mtu);
            links.SetUp(index);
        });
        return (name, $"/proc/self/fd/{space.Descriptor.Number}");
    }
}
