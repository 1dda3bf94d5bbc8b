using System.Buffers.Binary;
using CsCheck;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>The program as the kernel runs it on single frames, against <see cref="FilterModel"/>.</summary>
public sealed class XdpProgramTests : IDisposable
{
    private const int ShortestFrame = 14;

    private static readonly MacAddress[] Macs =
        [MacAddress.Read([0x52, 0x54, 0, 0, 0, 1]), MacAddress.Read([0x52, 0x54, 0, 0, 1, 1])];
    private static readonly int[] EtherTypes = [0x0800, 0x86DD, 0x0806, 0x8100, 0x88A8];
    private static readonly int[] Protocols = [17, 6, 1];
    private static readonly int[] Ports = [53, 80, 0x3500];
    private static readonly int[] Vlans = [7, 0x700];

    private MemoryMapping? _memory;
    private VethPair? _pair;
    private XdpSocket? _socket;

    public void Dispose()
    {
        _socket?.Dispose();
        _pair?.Dispose();
        _memory?.Dispose();
    }

    [Fact]
    public void Frames_are_redirected_that_the_filter_says_and_no_others() => CompareWithModel(FrameGen);

    [Fact]
    public void Frames_with_broken_bytes_are_handled_as_the_model_does() =>
        CompareWithModel(Gen.Select(FrameGen, Gen.Int[0, 80], Gen.Byte, (frame, at, value) =>
        {
            frame[at % frame.Length] = value;
            return frame;
        }));

    [Fact]
    public void Without_a_filter_every_frame_is_redirected()
    {
        OpenSocket();
        using XdpProgram program = Load(NicFilter.Everything);
        Assert.Equal(XdpAction.Redirect, program.Program.Run(new byte[60]));
        Assert.Equal(new XdpProgramCounters(1, 0, 0), program.ReadCounters());
    }

    [Fact]
    public void Without_a_socket_frames_go_on_to_the_kernel_and_are_counted()
    {
        Needs.Xdp();
        using XdpProgram program = XdpProgram.Load(NicFilter.Everything, queues: 4);
        Assert.Equal(XdpAction.Pass, program.Program.Run(new byte[60]));
        Assert.Equal(new XdpProgramCounters(0, 0, 1), program.ReadCounters());
    }

    [Fact]
    public void A_socket_that_is_taken_out_or_closed_gets_nothing_more()
    {
        OpenSocket();
        using XdpProgram program = Load(NicFilter.Everything);
        program.RemoveSocket(0);
        Assert.Equal(XdpAction.Pass, program.Program.Run(new byte[60]));
        program.SetSocket(0, _socket!.Descriptor);
        Assert.Equal(XdpAction.Redirect, program.Program.Run(new byte[60]));
        _socket.Dispose();
        Assert.True(SpinWait.SpinUntil(() => program.Program.Run(new byte[60]) == XdpAction.Pass,
            TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_queue_beyond_those_of_the_interface_is_refused()
    {
        OpenSocket();
        using XdpProgram program = XdpProgram.Load(NicFilter.Everything, queues: 4);
        LinuxException refusal = Assert.Throws<LinuxException>(() => program.SetSocket(4, _socket!.Descriptor));
        Assert.Contains("key 4 of 4", refusal.Message, StringComparison.Ordinal);
    }

    private void CompareWithModel(Gen<byte[]> frames)
    {
        OpenSocket();
        ulong redirected = 0;
        ulong passed = 0;
        Gen.Select(FilterGen, frames.Array[20]).Sample((filter, list) =>
        {
            using XdpProgram program = Load(filter);
            var expected = new XdpProgramCounters();
            foreach (byte[] frame in list)
            {
                bool matches = FilterModel.Matches(filter, frame);
                Assert.Equal(matches ? XdpAction.Redirect : XdpAction.Pass, program.Program.Run(frame));
                expected = matches
                    ? expected with { Redirected = expected.Redirected + 1 }
                    : expected with { Filtered = expected.Filtered + 1 };
            }

            Assert.Equal(expected, program.ReadCounters());
            redirected += expected.Redirected;
            passed += expected.Filtered;
        }, iter: 300, threads: 1);
        Assert.True(redirected > 100 && passed > 100,
            $"the frames are too much alike: {redirected} redirected, {passed} passed");
    }

    private XdpProgram Load(NicFilter filter)
    {
        XdpProgram program = XdpProgram.Load(filter, queues: 1);
        program.SetSocket(0, _socket!.Descriptor);
        return program;
    }

    // The map of sockets takes any that is bound; the kernel runs the program as if on queue 0 of the loopback.
    private void OpenSocket()
    {
        Needs.Xdp();
        _memory = MemoryMapping.Map(MemFd.CreateSealed("nic-program", 1 << 20), 1 << 20);
        _pair = new VethPair();
        _socket = _pair.LeftSpace.Run(() => XdpSocket.Open(
            new XdpUmem(_memory.Address, 256, 2112), new XdpSocketOptions { InterfaceIndex = _pair.Left, Queue = 0 }));
    }

    // At least one condition: half of the rest is left out.
    private static Gen<NicFilter> FilterGen =>
        from parts in Gen.Int[1, 31]
        from mac in One(Macs)
        from vlan in One(Vlans)
        from type in One(EtherTypes)
        from protocol in One(Protocols)
        from port in One(Ports)
        select new NicFilter
        {
            Mac = (parts & 1) != 0 ? mac : null,
            Vlan = (parts & 2) != 0 ? vlan : null,
            EtherType = (parts & 4) != 0 ? type : null,
            Protocol = (parts & 24) == 24 ? protocol : null,
            UdpPort = (parts & 24) is 8 ? port : null,
            TcpPort = (parts & 24) is 8 or 16 ? port : null,
        };

    private static Gen<byte[]> FrameGen =>
        from mac in One(Macs)
        from tags in One(0x8100, 0x88A8).SelectMany(type => One(Vlans).Select(id => (type, id | 0x2000))).Array[0, 3]
        from type in One(EtherTypes)
        from protocol in One(Protocols)
        from port in One(Ports)
        from options in Gen.Int[4, 15]
        from fragment in Gen.Frequency((8, Gen.Const(0x4000)), (1, Gen.Const(0x2000)), (1, Gen.Const(3)))
        from cut in Gen.Frequency((3, Gen.Const(200)), (1, Gen.Int[ShortestFrame, 110]))
        select Frame(mac, tags, type, protocol, port, options, fragment)[..cut];

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static byte[] Frame(
        MacAddress mac, (int Type, int Id)[] tags, int type, int protocol, int port, int headerWords, int fragment)
    {
        byte[] frame = new byte[200];
        mac.Write(frame);
        int at = 12;
        foreach ((int tagType, int id) in tags)
        {
            Put(frame, at, tagType);
            Put(frame, at + 2, id);
            at += 4;
        }

        Put(frame, at, type);
        at += 2;
        if (type == 0x86DD)
        {
            frame[at] = 0x60;
            frame[at + 6] = (byte)protocol;
            at += 40;
        }
        else
        {
            frame[at] = (byte)(0x40 | headerWords);
            Put(frame, at + 6, fragment);
            frame[at + 9] = (byte)protocol;
            at += headerWords * 4;
        }

        Put(frame, at + 2, port);
        return frame;
    }

    private static void Put(byte[] frame, int at, int value) =>
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)value);
}
