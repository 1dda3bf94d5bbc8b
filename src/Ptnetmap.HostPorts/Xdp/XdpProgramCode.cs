using System.Buffers.Binary;
using Ptnetmap.Linux.Bpf;
using static Ptnetmap.Linux.Bpf.BpfRegister;

namespace Ptnetmap.HostPorts.Xdp;

/// <summary>The instructions of <see cref="XdpProgram"/>. A frame that is not what the filter says jumps to
/// <see cref="_pass"/>; who gets to the end is redirected.
/// <code>
/// R6 context   R7 first byte   R8 end of the frame   R9 the header that is looked at next
/// R3 EtherType, as on the wire   R5 IP protocol   R2 scratch
/// </code></summary>
internal sealed class XdpProgramCode
{
    internal const uint Redirected = 0;
    internal const uint Filtered = 1;
    internal const uint WithoutSocket = 2;
    internal const uint Counters = 3;

    // struct xdp_md
    private const int ContextData = 0;
    private const int ContextDataEnd = 4;
    private const int ContextQueue = 16;

    private const int Ipv4Header = 20;
    private const int Ipv4FragmentOffset = 6;
    private const int Ipv4ProtocolOffset = 9;
    private const int Ipv4HeaderWords = 0x0F;

    // More fragments, and where in the packet this one belongs.
    private const int Ipv4FragmentBits = 0x3FFF;
    private const int Ipv6Header = 40;
    private const int Ipv6NextHeaderOffset = 6;
    private const int DestinationPortOffset = 2;
    private const int PortsSize = 4;
    private const int Udp = 17;
    private const int Tcp = 6;

    private readonly BpfAssembler _code = new();
    private readonly BpfMap _sockets;
    private readonly BpfMap _counters;
    private readonly BpfLabel _pass;
    private readonly BpfLabel _redirect;

    private XdpProgramCode(BpfMap sockets, BpfMap counters)
    {
        _sockets = sockets;
        _counters = counters;
        _pass = _code.NewLabel();
        _redirect = _code.NewLabel();
    }

    /// <summary>The program that redirects what <paramref name="filter"/> says.</summary>
    internal static BpfInstruction[] Assemble(BpfMap sockets, BpfMap counters, NicFilter filter)
    {
        var program = new XdpProgramCode(sockets, counters);
        program._code.Move(R6, R1);
        bool filters = filter != NicFilter.Everything;
        if (filters)
        {
            program.Match(filter);
        }

        program.RedirectAndCount(filters);
        return program._code.Assemble();
    }

    private static int Wire(int value) => BinaryPrimitives.ReverseEndianness((ushort)value);

    private void Match(NicFilter filter)
    {
        _code.LoadFrom(BpfSize.Word, R7, R6, ContextData);
        _code.LoadFrom(BpfSize.Word, R8, R6, ContextDataEnd);
        _code.Move(R9, R7);
        TakeHeader(Ethernet.HeaderLength);
        if (filter.Mac is { } mac)
        {
            MatchMac(mac);
        }

        bool ip = filter.NeedsPort || filter.Protocol is not null;
        if (!ip && filter.Vlan is null && filter.EtherType is null)
        {
            return;
        }

        MatchTags(filter.Vlan);
        if (filter.EtherType is { } type)
        {
            _code.JumpIf(BpfCondition.NotEqual, R3, Wire(type), _pass);
        }

        if (ip)
        {
            MatchIp(filter);
        }
    }

    // R9 goes on by so many bytes, which are known to be there from now on.
    private void TakeHeader(int size)
    {
        _code.Compute(BpfOperation.Add, R9, size);
        _code.JumpIf(BpfCondition.Greater, R9, R8, _pass);
    }

    private void MatchMac(MacAddress mac)
    {
        _code.LoadFrom(BpfSize.Word, R2, R7, 0);
        _code.JumpIfWord(BpfCondition.NotEqual, R2, (uint)mac.Value, _pass);
        _code.LoadFrom(BpfSize.Half, R2, R7, sizeof(uint));
        _code.JumpIf(BpfCondition.NotEqual, R2, (ushort)(mac.Value >> 32), _pass);
    }

    // Leaves the EtherType behind up to two tags in R3, and R9 behind them.
    private void MatchTags(int? vlan)
    {
        BpfLabel behindTags = _code.NewLabel();
        _code.LoadFrom(BpfSize.Half, R3, R7, Ethernet.TypeOffset);
        for (int tag = 0; tag < Ethernet.MaxTags; tag++)
        {
            BpfLabel tagged = _code.NewLabel();
            int start = Ethernet.HeaderLength + (tag * Ethernet.TagLength);
            _code.JumpIf(BpfCondition.Equal, R3, Wire(Ethernet.CustomerTag), tagged);
            _code.JumpIf(BpfCondition.NotEqual, R3, Wire(Ethernet.ServiceTag),
                tag == 0 && vlan is not null ? _pass : behindTags);
            _code.Place(tagged);
            TakeHeader(Ethernet.TagLength);
            if (tag == 0 && vlan is { } id)
            {
                _code.LoadFrom(BpfSize.Half, R2, R7, start);
                _code.Compute(BpfOperation.And, R2, Wire(Ethernet.VlanIdMask));
                _code.JumpIf(BpfCondition.NotEqual, R2, Wire(id), _pass);
            }

            _code.LoadFrom(BpfSize.Half, R3, R7, start + sizeof(ushort));
        }

        _code.Place(behindTags);
    }

    private void MatchIp(NicFilter filter)
    {
        BpfLabel version6 = _code.NewLabel();
        BpfLabel transport = _code.NewLabel();
        _code.JumpIf(BpfCondition.Equal, R3, Wire(Ethernet.Ipv6), version6);
        _code.JumpIf(BpfCondition.NotEqual, R3, Wire(Ethernet.Ipv4), _pass);
        TakeHeader(Ipv4Header);
        _code.LoadFrom(BpfSize.Byte, R5, R9, Ipv4ProtocolOffset - Ipv4Header);
        if (filter.NeedsPort)
        {
            SkipIpv4Options();
        }

        _code.Jump(transport);
        _code.Place(version6);
        TakeHeader(Ipv6Header);
        _code.LoadFrom(BpfSize.Byte, R5, R9, Ipv6NextHeaderOffset - Ipv6Header);
        _code.Place(transport);
        if (filter.Protocol is { } protocol)
        {
            _code.JumpIf(BpfCondition.NotEqual, R5, protocol, _pass);
        }

        if (filter.NeedsPort)
        {
            MatchPorts(filter);
        }
    }

    // Also turns fragments away: only the first of a packet has ports, and it would go where the others do not.
    private void SkipIpv4Options()
    {
        _code.LoadFrom(BpfSize.Half, R2, R9, Ipv4FragmentOffset - Ipv4Header);
        _code.JumpIf(BpfCondition.AnyBit, R2, Wire(Ipv4FragmentBits), _pass);
        _code.LoadFrom(BpfSize.Byte, R2, R9, -Ipv4Header);
        _code.Compute(BpfOperation.And, R2, Ipv4HeaderWords);
        _code.Compute(BpfOperation.ShiftLeft, R2, 2);
        _code.JumpIf(BpfCondition.Less, R2, Ipv4Header, _pass);
        _code.Compute(BpfOperation.Subtract, R9, Ipv4Header);
        _code.Compute(BpfOperation.Add, R9, R2);
    }

    private void MatchPorts(NicFilter filter)
    {
        TakeHeader(PortsSize);
        _code.LoadFrom(BpfSize.Half, R2, R9, DestinationPortOffset - PortsSize);
        MatchPort(Udp, filter.UdpPort);
        MatchPort(Tcp, filter.TcpPort);
        _code.Jump(_pass);
    }

    private void MatchPort(int protocol, int? port)
    {
        if (port is { } wanted)
        {
            BpfLabel other = _code.NewLabel();
            _code.JumpIf(BpfCondition.NotEqual, R5, protocol, other);
            _code.JumpIf(BpfCondition.Equal, R2, Wire(wanted), _redirect);
            _code.Place(other);
        }
    }

    private void RedirectAndCount(bool filters)
    {
        BpfLabel count = _code.NewLabel();
        BpfLabel end = _code.NewLabel();
        _code.Place(_redirect);
        _code.LoadFrom(BpfSize.Word, R2, R6, ContextQueue);
        _code.LoadMap(R1, _sockets);
        _code.Move(R3, (int)XdpAction.Pass);
        _code.Call(BpfHelper.RedirectMap);
        _code.Move(R7, R0);
        _code.Move(R1, (int)Redirected);
        _code.JumpIf(BpfCondition.Equal, R7, (int)XdpAction.Redirect, count);
        _code.Move(R1, (int)WithoutSocket);
        if (filters)
        {
            // A program must have no instruction that cannot be reached.
            _code.Jump(count);
            _code.Place(_pass);
            _code.Move(R7, (int)XdpAction.Pass);
            _code.Move(R1, (int)Filtered);
        }

        _code.Place(count);
        _code.StoreTo(BpfSize.Word, R10, -sizeof(uint), R1);
        _code.Move(R2, R10);
        _code.Compute(BpfOperation.Add, R2, -sizeof(uint));
        _code.LoadMap(R1, _counters);
        _code.Call(BpfHelper.MapLookup);
        _code.JumpIf(BpfCondition.Equal, R0, 0, end);
        _code.LoadFrom(BpfSize.Double, R1, R0, 0);
        _code.Compute(BpfOperation.Add, R1, 1);
        _code.StoreTo(BpfSize.Double, R0, 0, R1);
        _code.Place(end);
        _code.Move(R0, R7);
        _code.Exit();
    }
}
