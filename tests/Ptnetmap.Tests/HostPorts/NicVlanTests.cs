using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ptnetmap.Client;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>VLAN tags on the way between two NIC ports, and between a NIC port and the kernel's own VLAN
/// interfaces.</summary>
public class NicVlanTests
{
    private const int Customer = 0x8100;
    private const int Service = 0x88A8;
    private const int Ip = 0x0800;
    private const int UdpPort = 7005;

    // linux/bpf.h: enum bpf_func_id, TCX_*, struct __sk_buff.
    private const BpfHelper VlanPush = (BpfHelper)18;
    private const BpfHelper VlanPop = (BpfHelper)19;
    private const int GoOn = 0;
    private const int Drop = 2;
    private const int VlanInContext = 24;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("everything", NicMode.Copy)]
    [InlineData("everything", NicMode.Generic)]
    [InlineData("vlan=7", NicMode.Copy)]
    [InlineData("vlan=7", NicMode.Generic)]
    public void Tagged_frames_of_all_lengths_go_both_ways_whole_and_a_filter_takes_its_own(string filter, NicMode mode)
    {
        Needs.Xdp();
        using var bed =
            new VethBed(slots: 64, options: usual => usual with { Filter = NicFilter.Parse(filter), Wanted = mode });
        NetmapPort left = bed.Attach(bed.Left);
        NetmapPort right = bed.Attach(bed.Right);
        VethBed.AwaitBuffers(bed.Left);
        VethBed.AwaitBuffers(bed.Right);
        byte[][] mine = [.. ((int[])[60, 64, 1500, 1514, 1518]).Select(length => Frame(length, (Customer, 7)))];
        byte[][] also =
            [Frame(60, (Service, 7)), Frame(64, (Service, 7), (Customer, 9)), Frame(60, (Customer, 0xE007))];
        byte[][] others = [Frame(60), Frame(60, (Customer, 8)), Frame(60, (Customer, 9), (Customer, 7)),
            Frame(1518, (Customer, 0x107))];
        bool all = filter is "everything";
        foreach ((NetmapPort from, NetmapPort to, NicLink taker) in new[]
        {
            (left, right, bed.RightLink),
            (right, left, bed.LeftLink),
        })
        {
            VethBed.Send(from, [.. others, .. mine, .. also]);
            byte[][] wanted = [.. all ? others : [], .. mine, .. also];
            Assert.Equal(wanted, VethBed.Receive(to, wanted.Length));
            XdpProgramCounters counters = taker.Device!.Program.ReadCounters();
            Assert.Equal(((ulong)wanted.Length, all ? 0ul : (ulong)others.Length),
                (counters.Redirected, counters.Filtered));
        }

        Assert.Equal(0, bed.Left.TxRings[0].Counters.Drops.Total + bed.Right.TxRings[0].Counters.Drops.Total);
    }

    // What a kernel sends on a VLAN interface has its tag beside the frame until somebody has to see it there: a driver
    // without the offload. A veth passes both on to its other end. Not every kernel has VLAN interfaces; here a program
    // tags frames as they do.
    [Theory]
    [InlineData(NicMode.Copy, VlanOffloads.Both, "everything", false)]
    [InlineData(NicMode.Copy, VlanOffloads.Receive, "everything", true)]
    [InlineData(NicMode.Generic, VlanOffloads.Both, "everything", false)]
    [InlineData(NicMode.Generic, VlanOffloads.Receive, "everything", true)]
    [InlineData(NicMode.Copy, VlanOffloads.Both, "vlan=7", null)]
    [InlineData(NicMode.Copy, VlanOffloads.Receive, "vlan=7", true)]
    public void A_tag_that_the_sending_kernel_keeps_beside_the_frame_is_not_seen(
        NicMode mode, VlanOffloads offloads, string filter, bool? isTagged)
    {
        Needs.Xdp();
        using var bed =
            new VethBed(slots: 64, options: usual => usual with { Filter = NicFilter.Parse(filter), Wanted = mode });
        bed.Supervisor.Remove(bed.LeftLink);
        using EthtoolDevice device = bed.Veth.LeftSpace.Run(() => new EthtoolDevice("left"));
        device.SetVlanOffloads(offloads);
        using BpfProgram push = BpfProgram.LoadClassifier("push", PushTag(7));
        using BpfLink tagging =
            bed.Veth.LeftSpace.Run(() => BpfLink.AttachTcx(push, bed.Veth.Left, TcxDirection.Egress));
        NetmapPort right = bed.Attach(bed.Right);
        VethBed.AwaitBuffers(bed.Right);
        bed.Veth.AddAddresses();
        using UdpClient sender = bed.Veth.LeftSpace.Run(() => new UdpClient { EnableBroadcast = true });
        _ = sender.Send(new byte[100], new IPEndPoint(IPAddress.Parse("10.9.0.255"), UdpPort));
        if (isTagged is null)
        {
            VethBed.Await(() => bed.RightLink.Device!.Program.ReadCounters().Filtered == 1,
                "the frame to go on to the kernel");
            return;
        }

        byte[] frame = Assert.Single(VethBed.Receive(right, 1));
        Assert.Equal(isTagged.Value ? Customer : Ip, BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(12)));
        Assert.Equal(isTagged.Value ? 146 : 142, frame.Length);
    }

    [Fact]
    public void A_driver_leaves_tags_in_received_frames_while_a_port_has_the_interface()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        using EthtoolDevice device = bed.Veth.RightSpace.Run(() => new EthtoolDevice("right"));
        Assert.Equal(VlanOffloads.Transmit, device.TryReadVlanOffloads());
        bed.Supervisor.Remove(bed.RightLink);
        Assert.Equal(VlanOffloads.Both, device.TryReadVlanOffloads());
        device.SetVlanOffloads(VlanOffloads.None);
        NicLink again = bed.Add(bed.Right, bed.Options("right", bed.Veth.RightSpace));
        bed.Supervisor.Remove(again);
        Assert.Equal(VlanOffloads.None, device.TryReadVlanOffloads());
    }

    [Fact]
    public void The_kernel_sees_the_tag_of_what_a_port_sends()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        bed.Supervisor.Remove(bed.RightLink);
        bed.Veth.RightLinks.AddAddress(bed.Veth.Right, IPAddress.Parse("10.7.0.2"), 24);
        using BpfProgram pop = BpfProgram.LoadClassifier("pop", PopTag(7));
        using BpfLink untagging =
            bed.Veth.RightSpace.Run(() => BpfLink.AttachTcx(pop, bed.Veth.Right, TcxDirection.Ingress));
        using UdpClient receiver =
            bed.Veth.RightSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Parse("10.7.0.255"), UdpPort)));
        receiver.Client.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        NetmapPort left = bed.Attach(bed.Left);
        VethBed.Send(left, [Datagram(8, 1), Datagram(7, 2)]);
        IPEndPoint? from = null;
        Assert.Equal([2], receiver.Receive(ref from));
    }

    private static BpfInstruction[] PushTag(int vlan)
    {
        var code = new BpfAssembler();
        code.Move(BpfRegister.R2, BinaryPrimitives.ReverseEndianness((ushort)Customer));
        code.Move(BpfRegister.R3, vlan);
        code.Call(VlanPush);
        code.Move(BpfRegister.R0, GoOn);
        code.Exit();
        return code.Assemble();
    }

    // Frames without this tag are dropped.
    private static BpfInstruction[] PopTag(int vlan)
    {
        var code = new BpfAssembler();
        BpfLabel other = code.NewLabel();
        code.LoadFrom(BpfSize.Word, BpfRegister.R2, BpfRegister.R1, VlanInContext);
        code.JumpIf(BpfCondition.NotEqual, BpfRegister.R2, vlan, other);
        code.Call(VlanPop);
        code.Move(BpfRegister.R0, GoOn);
        code.Exit();
        code.Place(other);
        code.Move(BpfRegister.R0, Drop);
        code.Exit();
        return code.Assemble();
    }

    private static byte[] Frame(int length, params (int Type, int Tag)[] tags)
    {
        byte[] frame = new byte[length];
        Random.Shared.NextBytes(frame);
        ((byte[])[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]).CopyTo(frame, 0);
        int at = 12;
        foreach ((int type, int tag) in tags)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), (ushort)type);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), (ushort)tag);
            at += 4;
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), 0x88B5);
        return frame;
    }

    // From 10.7.0.1 to the network's broadcast address, without a UDP checksum.
    private static byte[] Datagram(int vlan, byte content)
    {
        byte[] frame =
        [
            0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, Customer >> 8, Customer & 0xFF, 0, (byte)vlan,
            Ip >> 8, Ip & 0xFF,
            0x45, 0, 0, 29, 0, 0, 0, 0, 64, 17, 0, 0, 10, 7, 0, 1, 10, 7, 0, 255,
            UdpPort >> 8, UdpPort & 0xFF, UdpPort >> 8, UdpPort & 0xFF, 0, 9, 0, 0, content, .. new byte[17],
        ];
        uint sum = 0;
        for (int i = 18; i < 38; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(i));
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(28), (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        return frame;
    }
}
