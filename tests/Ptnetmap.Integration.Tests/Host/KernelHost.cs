using System.Net;
using System.Net.Sockets;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>A network of its own with the kernel's stack in it, reached by a path while this object lives, and gone
/// with it: nothing of it has a name.</summary>
internal sealed class KernelHost : IDisposable
{
    private readonly NetworkNamespace _space;

    private KernelHost(NetworkNamespace space) => _space = space;

    /// <summary>What another process opens the namespace by.</summary>
    internal string Path => $"/proc/{Environment.ProcessId}/fd/{_space.Descriptor.Number}";

    internal static KernelHost Create()
    {
        Needs.Root();
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Skip("/dev/net/tun is not there");
        }

        try
        {
            return new KernelHost(NetworkNamespace.Create());
        }
        catch (LinuxException refusal)
        {
            Assert.Skip(refusal.Message);
            throw;
        }
    }

    /// <summary>Gives an interface an address.</summary>
    internal void Address(string name, string address) => _space.Run(() =>
    {
        using var links = new Links();
        links.AddAddress(links.TryGet(name)!.Index, IPAddress.Parse(address), 24);
    });

    /// <summary>Connects two hosts by a cable: an interface in each, up, and without IPv6's own frames.</summary>
    internal static void Connect(KernelHost left, string leftName, KernelHost right, string rightName) =>
        Connect(left, leftName, right._space, rightName);

    /// <summary>Connects a host with a namespace.</summary>
    internal static void Connect(KernelHost left, string leftName, NetworkNamespace right, string rightName)
    {
        const string QuietDefault = "/proc/sys/net/ipv6/conf/default/disable_ipv6";
        foreach (NetworkNamespace space in (ReadOnlySpan<NetworkNamespace>)[left._space, right])
        {
            space.Run(() => File.WriteAllText(QuietDefault, "1"));
        }

        left._space.Run(() =>
        {
            using var links = new Links();
            links.CreateVeth(leftName, rightName, 1, right);
            links.SetUp(links.TryGet(leftName)!.Index);
        });
        right.Run(() =>
        {
            using var links = new Links();
            links.SetUp(links.TryGet(rightName)!.Index);
        });
    }

    /// <summary>The number of the XDP program on an interface; 0: none.</summary>
    internal uint XdpProgram(string name) => _space.Run(() =>
    {
        using var links = new Links();
        return links.TryGet(name)!.XdpProgramId;
    });

    internal VlanOffloads? TagOffloads(string name) => _space.Run(() =>
    {
        using var device = new EthtoolDevice(name);
        return device.TryReadVlanOffloads();
    });

    internal bool Has(string name) => _space.Run(() =>
    {
        using var links = new Links();
        return links.TryGet(name) is not null;
    });

    internal bool TryDelete(string name) => _space.Run(() =>
    {
        using var links = new Links();
        return links.TryGet(name) is { } link && links.TryDelete(link.Index);
    });

    /// <summary>A socket in it.</summary>
    internal Socket Socket(SocketType type) => _space.Run(() => new Socket(
        AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp));

    public void Dispose() => _space.Dispose();
}
