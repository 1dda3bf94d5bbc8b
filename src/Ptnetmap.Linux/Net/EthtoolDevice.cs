using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary>What a driver tells of an interface, and its rules for queues (<c>ethtool(8)</c>, <c>SIOCETHTOOL</c>): of
/// an interface in the network namespace of the thread that made this object, whichever thread uses it.</summary>
public sealed class EthtoolDevice : IDisposable
{
    private const int InternetFamily = 2;
    private const int DatagramCloexec = 2 | Libc.OCloexec;
    private const int MaxRules = 8192;

    private FileDescriptor _socket;
    private string _name;
    private int _index;

    /// <summary>Names an interface; nothing is asked yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="index">Its number, by which it is known from then on, whatever it is called: its name may become
    /// another's. 0: whoever has the name.</param>
    /// <exception cref="LinuxException">The name is none.</exception>
    public EthtoolDevice(string name, int index = 0)
    {
        _index = index;
        _name = InterfaceName.Check(name);
        _socket = OpenSocket();
    }

    /// <summary>The interface went to the calling thread's network namespace. Nobody else uses this object
    /// now.</summary>
    /// <param name="name">Its name there.</param>
    /// <param name="index">Its number there.</param>
    /// <exception cref="LinuxException">No descriptor left; the interface is looked for where it was.</exception>
    public void Move(string name, int index)
    {
        FileDescriptor before = _socket;
        _socket = OpenSocket();
        (_name, _index) = (name, index);
        before.Dispose();
    }

    /// <summary>The driver's name.</summary>
    /// <exception cref="LinuxException">There is no such interface.</exception>
    public string ReadDriver()
    {
        EthtoolNative.DriverInfo info = ReadDriverInfo();
        return TextOf(info.Driver);
    }

    /// <summary>The device's address on its bus, <c>0000:01:00.0</c> say; empty where the driver names none.</summary>
    /// <exception cref="LinuxException">There is no such interface.</exception>
    public string ReadBusAddress()
    {
        EthtoolNative.DriverInfo info = ReadDriverInfo();
        return TextOf(info.Bus);
    }

    /// <summary>The queues.</summary>
    /// <returns>Null when the driver does not tell: the interface's own count (<see cref="LinkInfo.ReceiveQueues"/>)
    /// is all there is then.</returns>
    public EthtoolChannels? TryReadChannels()
    {
        var channels = new EthtoolNative.Channels { Command = EthtoolNative.GetChannels };
        return Call(ref channels) == 0
            ? new EthtoolChannels(
                (int)channels.MaxReceive, (int)channels.MaxTransmit, (int)channels.MaxCombined,
                (int)channels.Receive, (int)channels.Transmit, (int)channels.Combined)
            : null;
    }

    /// <summary>Whether the driver moves VLAN tags between a frame and what the kernel knows of it beside the
    /// frame.</summary>
    /// <returns>Null when it does not tell.</returns>
    public VlanOffloads? TryReadVlanOffloads()
    {
        var flags = new EthtoolNative.Number { Command = EthtoolNative.GetFlags };
        return Call(ref flags) == 0 ? (VlanOffloads)flags.Data & VlanOffloads.Both : null;
    }

    /// <summary>What a TAP interface's kernel leaves to whoever reads from it (<see cref="TapDevice.SetOffloads"/>), as
    /// far as drivers tell: segments of TCP are one, whichever IP they are of.</summary>
    public TapOffloads ReadTapOffloads()
    {
        var checksums = new EthtoolNative.Number { Command = EthtoolNative.GetTransmitChecksums };
        var segments = new EthtoolNative.Number { Command = EthtoolNative.GetSegmentation };
        bool none = Call(ref checksums) != 0 || checksums.Data == 0;
        return none ? TapOffloads.None
            : Call(ref segments) != 0 || segments.Data == 0 ? TapOffloads.Checksum
            : TapOffloads.Checksum | TapOffloads.TcpV4 | TapOffloads.TcpV6 | TapOffloads.TcpEcn;
    }

    /// <summary>Turns these on and the others off (<c>ethtool -K NAME rxvlan off txvlan off</c>).</summary>
    /// <exception cref="LinuxException">The driver refused.</exception>
    public void SetVlanOffloads(VlanOffloads wanted)
    {
        var flags = new EthtoolNative.Number { Command = EthtoolNative.GetFlags };
        int status = Call(ref flags);
        flags.Command = EthtoolNative.SetFlags;
        flags.Data = (flags.Data & ~(uint)VlanOffloads.Both) | (uint)wanted;
        if (status != 0 || Call(ref flags) != 0)
        {
            throw LinuxException.Last($"ETHTOOL_SFLAGS({_name}, VLAN offloads {wanted})");
        }
    }

    /// <summary>Adds a rule.</summary>
    /// <returns>Where it is in the NIC's table, for <see cref="TryDeleteRule"/>.</returns>
    /// <exception cref="LinuxException">The driver refused: it has no such rules, or not of this kind.</exception>
    public uint InsertRule(FlowRule rule)
    {
        var insertion = new EthtoolNative.Classification
        {
            Command = EthtoolNative.InsertRule,
            Rule = rule.ToSpec(ChooseLocation()),
        };
        return Call(ref insertion) == 0
            ? insertion.Rule.Location
            : throw Refusal("ETHTOOL_SRXCLSRLINS", $"{rule}");
    }

    /// <summary>Whether a place of the table holds just this rule.</summary>
    public bool HasRule(uint location, FlowRule rule)
    {
        var question =
            new EthtoolNative.Classification { Command = EthtoolNative.GetRule, Rule = { Location = location } };
        return Call(ref question) == 0 && rule.ToSpec(location).Says(in question.Rule);
    }

    /// <summary>Whether any place of the table holds just this rule.</summary>
    /// <exception cref="LinuxException">The driver has no such rules.</exception>
    public bool HasRule(FlowRule rule)
    {
        uint[] taken = ListRules(CountRules().RuleCount, out _);
        return Array.Exists(taken, location => HasRule(location, rule));
    }

    /// <summary>Removes a rule.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="LinuxException">The driver refused.</exception>
    public bool TryDeleteRule(uint location)
    {
        var deletion = new EthtoolNative.Classification
        {
            Command = EthtoolNative.DeleteRule,
            Rule = { Location = location },
        };
        if (Call(ref deletion) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == EthtoolNative.ENoEnt
            ? false
            : throw Refusal("ETHTOOL_SRXCLSRLDEL", $"{location}");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static FileDescriptor OpenSocket()
    {
        int number = Libc.Socket(InternetFamily, DatagramCloexec, 0);
        return number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last("socket(AF_INET)");
    }

    // A driver that chooses places itself says so; of the others, the last that is free, so that other people's rules,
    // which are counted from 0 on, come first.
    private uint ChooseLocation()
    {
        EthtoolNative.Classification count = CountRules();
        if ((count.Data & EthtoolNative.SpecialLocations) != 0)
        {
            return EthtoolNative.AnyLocation;
        }

        uint[] taken = ListRules(count.RuleCount, out ulong size);
        uint location = (uint)Math.Max(size, 1);
        do
        {
            location--;
        }
        while (location > 0 && taken.Contains(location));

        return location;
    }

    private EthtoolNative.Classification CountRules()
    {
        var count = new EthtoolNative.Classification { Command = EthtoolNative.GetRuleCount };
        return Call(ref count) == 0 ? count : throw Refusal("ETHTOOL_GRXCLSRLCNT", "");
    }

    // The places that are taken, and how many the table has.
    private uint[] ListRules(uint count, out ulong size)
    {
        var rules = new ClassificationWithLocations
        {
            Classification = { Command = EthtoolNative.GetRules, RuleCount = Math.Min(count, MaxRules) },
        };
        if (Call(ref rules) != 0)
        {
            throw Refusal("ETHTOOL_GRXCLSRLALL", "");
        }

        size = rules.Classification.Data;
        return rules.Locations[..(int)Math.Min(rules.Classification.RuleCount, MaxRules)].ToArray();
    }

    private EthtoolNative.DriverInfo ReadDriverInfo()
    {
        var info = new EthtoolNative.DriverInfo { Command = EthtoolNative.GetDriver };
        return Call(ref info) == 0 ? info : throw LinuxException.Last($"ETHTOOL_GDRVINFO({_name})");
    }

    private static string TextOf(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]);
    }

    private LinuxException Refusal(string call, string argument)
    {
        int error = Marshal.GetLastPInvokeError();
        return new LinuxException($"{call}({_name}: {argument})", error, error == EthtoolNative.EOpNotSupp
            ? "the driver has no rules for queues, or they are turned off (ethtool -K NAME ntuple on)"
            : null);
    }

    private unsafe int Call<T>(ref T argument)
        where T : unmanaged
    {
        if (InterfaceRequest.NameOf(_socket, _name, _index) is not { } name)
        {
            return -1;
        }

        fixed (T* start = &argument)
        {
            var request = new EthtoolNative.Request { Data = start };
            _ = Encoding.UTF8.GetBytes(name, request.Name);
            int status = Libc.Ioctl(_socket.Number, EthtoolNative.Control, &request);
            GC.KeepAlive(this);
            return status;
        }
    }

    // The locations follow the count at once, where the structure alone has padding.
    [StructLayout(LayoutKind.Explicit)]
    private struct ClassificationWithLocations
    {
        [FieldOffset(0)]
        internal EthtoolNative.Classification Classification;

        [FieldOffset(188)]
        internal LocationList Locations;
    }

    [InlineArray(MaxRules)]
    private struct LocationList
    {
        private uint _first;
    }
}
