using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Ptnetmap.Linux.Net;

/// <summary>The network interfaces of one network namespace (<c>rtnetlink(7)</c>): that of the thread that made this
/// object, whichever thread uses it. One thread at a time.</summary>
public sealed class Links : IDisposable
{
    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;
    private const ushort GetLink = 18;
    private const ushort NewAddress = 20;

    private const ushort HardwareAddressAttribute = 1;
    private const ushort NameAttribute = 3;
    private const ushort MtuAttribute = 4;
    private const ushort MasterAttribute = 10;
    private const ushort AliasAttribute = 20;
    private const ushort LinkInformationAttribute = 18;
    private const ushort NamespaceDescriptorAttribute = 28;
    private const ushort TransmitQueuesAttribute = 31;
    private const ushort ReceiveQueuesAttribute = 32;
    private const ushort KindInNest = 1;
    private const ushort DataInNest = 2;
    private const ushort PeerInVeth = 1;

    private const ushort AddressAttribute = 1;
    private const ushort LocalAddressAttribute = 2;
    private const byte NoDuplicateDetection = 0x02;

    private const uint FlagUp = 0x1;
    private const int ENoDev = 19;

    private readonly NetlinkSocket _socket = new();

    /// <summary>The interface of a name.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="LinuxException">The name is none, or the kernel refused.</exception>
    public LinkInfo? TryGet(string name) =>
        TryGet(Message(GetLink, NetlinkMessage.FlagAcknowledge, 0).Attribute(NameAttribute, InterfaceName.Check(name)),
            $"RTM_GETLINK({name})");

    /// <summary>The interface of a number.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public LinkInfo? TryGet(int index) =>
        TryGet(Message(GetLink, NetlinkMessage.FlagAcknowledge, index), $"RTM_GETLINK({index})");

    /// <summary>All interfaces.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<LinkInfo> List()
    {
        List<LinkInfo> links = [];
        _ = _socket.Request(Message(GetLink, NetlinkMessage.FlagDump, 0), "RTM_GETLINK(all)", (type, body) =>
        {
            if (type == NewLink && LinkInfo.TryParse(body) is { } link)
            {
                links.Add(link);
            }
        });
        return links;
    }

    /// <summary>Sets an interface up or down.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetUp(int index, bool up = true) =>
        Change(Message(NewLink, NetlinkMessage.FlagAcknowledge, index, up ? FlagUp : 0, FlagUp),
            $"RTM_NEWLINK({index}, {(up ? "up" : "down")})");

    /// <summary>Sets the MTU.</summary>
    /// <exception cref="LinuxException">The driver does not take it.</exception>
    public void SetMtu(int index, int mtu) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge, index).Attribute(MtuAttribute, (uint)mtu),
        $"RTM_NEWLINK({index}, mtu {mtu})");

    /// <summary>Sets the MAC address.</summary>
    /// <exception cref="LinuxException">The driver does not take it.</exception>
    public void SetMac(int index, MacAddress mac) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge, index).Attribute(HardwareAddressAttribute, mac.ToBytes()),
        $"RTM_NEWLINK({index}, address {mac})");

    /// <summary>Gives it another name.</summary>
    /// <exception cref="LinuxException">The name is taken or none, or the kernel refused.</exception>
    public void Rename(int index, string name) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge, index).Attribute(NameAttribute, InterfaceName.Check(name)),
        $"RTM_NEWLINK({index}, name {name})");

    /// <summary>Gives it a note for people (<c>ifalias</c>), which <c>ip link</c> shows.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void SetAlias(int index, string alias) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge, index).Attribute(AliasAttribute, alias),
        $"RTM_NEWLINK({index}, alias {alias})");

    /// <summary>Moves an interface to another network namespace; it is down there.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Move(int index, NetworkNamespace target) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge, index)
            .Attribute(NamespaceDescriptorAttribute, (uint)target.Descriptor.Number),
        $"RTM_NEWLINK({index}, to namespace {target.Name})");

    /// <summary>Removes an interface; of a veth pair, both.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="LinuxException">It is hardware, or the kernel refused.</exception>
    public bool TryDelete(int index) => _socket.Request(
        Message(DeleteLink, NetlinkMessage.FlagAcknowledge, index), $"RTM_DELLINK({index})", tolerated: ENoDev) == 0;

    /// <summary>Makes two interfaces that are connected to each other (<c>veth(4)</c>).</summary>
    /// <param name="name">One end, in this namespace.</param>
    /// <param name="peer">The other.</param>
    /// <param name="queues">Receive and transmit queues of each.</param>
    /// <param name="peerNamespace">Where the other is to be; null is here.</param>
    /// <param name="index">The number of the one end; 0: the kernel chooses.</param>
    /// <exception cref="LinuxException">A name is taken or none, or the kernel refused.</exception>
    public void CreateVeth(string name, string peer, int queues = 1, NetworkNamespace? peerNamespace = null,
        int index = 0)
    {
        NetlinkMessage message =
            Message(NewLink, NetlinkMessage.FlagAcknowledge | NetlinkMessage.FlagCreateExclusive, index);
        End(message, name, queues);
        _ = message.Nest(LinkInformationAttribute, link => link.Attribute(KindInNest, "veth").Nest(DataInNest, data =>
            data.Nest(PeerInVeth, end =>
            {
                _ = end.Append(new byte[LinkInfo.FixedSize]);
                End(end, peer, queues);
                if (peerNamespace is not null)
                {
                    _ = end.Attribute(NamespaceDescriptorAttribute, (uint)peerNamespace.Descriptor.Number);
                }
            })));
        Change(message, $"RTM_NEWLINK(veth {name}, {peer}, {queues} queues)");
        GC.KeepAlive(peerNamespace);
    }

    /// <summary>Makes a bridge without ports, down.</summary>
    /// <exception cref="LinuxException">The name is taken or none, or the kernel refused.</exception>
    public void CreateBridge(string name) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge | NetlinkMessage.FlagCreateExclusive, 0)
            .Attribute(NameAttribute, InterfaceName.Check(name))
            .Nest(LinkInformationAttribute, link => link.Attribute(KindInNest, "bridge")),
        $"RTM_NEWLINK(bridge {name})");

    /// <summary>Makes an interface a port of a bridge (<c>ip link set master</c>).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Enslave(int index, int bridge) => Change(
        Message(NewLink, NetlinkMessage.FlagAcknowledge, index).Attribute(MasterAttribute, (uint)bridge),
        $"RTM_NEWLINK({index}, master {bridge})");

    /// <summary>Gives an interface an address. An IPv6 one is not looked for on the network first, and works at
    /// once.</summary>
    /// <exception cref="LinuxException">It has it already, or the kernel refused.</exception>
    public void AddAddress(int index, IPAddress address, int prefixLength)
    {
        bool six = address.AddressFamily == AddressFamily.InterNetworkV6;
        byte[] bytes = address.GetAddressBytes();

        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        byte[] fixedPart =
            [six ? (byte)10 : (byte)2, (byte)prefixLength, six ? NoDuplicateDetection : (byte)0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart.AsSpan(4), index);
        Change(
            new NetlinkMessage(NewAddress, NetlinkMessage.FlagAcknowledge | NetlinkMessage.FlagCreateExclusive)
                .Append(fixedPart).Attribute(LocalAddressAttribute, bytes).Attribute(AddressAttribute, bytes),
            $"RTM_NEWADDR({address}/{prefixLength} on {index})");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static void End(NetlinkMessage message, string name, int queues) => message
        .Attribute(NameAttribute, InterfaceName.Check(name))
        .Attribute(TransmitQueuesAttribute, (uint)queues)
        .Attribute(ReceiveQueuesAttribute, (uint)queues);

    // struct ifinfomsg: family, pad, type (16 bits), index, flags, change.
    private static NetlinkMessage Message(ushort type, ushort messageFlags, int index, uint flags = 0, uint change = 0)
    {
        Span<byte> fixedPart = stackalloc byte[LinkInfo.FixedSize];
        fixedPart.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(fixedPart[4..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[8..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(fixedPart[12..], change);
        return new NetlinkMessage(type, messageFlags).Append(fixedPart);
    }

    private void Change(NetlinkMessage message, string what) => _ = _socket.Request(message, what);

    private LinkInfo? TryGet(NetlinkMessage message, string what)
    {
        LinkInfo? link = null;
        _ = _socket.Request(message, what,
            (type, body) => link = type == NewLink ? LinkInfo.TryParse(body) : link, ENoDev);
        return link;
    }
}
