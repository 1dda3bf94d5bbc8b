using System.Buffers.Binary;
using Ptnetmap.Client;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Ports.Offloads;

namespace Ptnetmap.Tests.Qemu;

/// <summary>The virtio-net header at the registers of a switch port's device, in the order of the drivers of netmap for
/// Linux and of FreeBSD: the feature at probe, the length at each start.</summary>
public sealed class VnetHeaderTests : IDisposable
{
    private const uint Features = 0;
    private const uint Control = 4;
    private const uint HeaderLength = 44;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Quiescence _quiescence = new();
    private readonly WorkerPool _workers = new(1);
    private readonly GuestRam _ram = new();
    private readonly MemoryRegion _region = NewRegion(1);
    private readonly MemoryRegion _otherRegion = NewRegion(2);
    private readonly ValePort _port;
    private readonly ValePort _other;
    private PtnetDevice _device;
    private HandClient _client;

    public VnetHeaderTests()
    {
        var vale = ValeSwitch.Create("vale0");
        _port = ValePort.Create(vale, "vm", _region, PortShape.Symmetric(1, 64), _quiescence);
        _other = ValePort.Create(vale, "other", _otherRegion, PortShape.Symmetric(1, 64), _quiescence);
        _device = NewDevice(offloads: true);
        _client = NewClient();
    }

    public void Dispose()
    {
        _client.Dispose();
        _device.Dispose();
        _ram.Dispose();
        _port.Dispose();
        _other.Dispose();
        _workers.Dispose();
        _region.Dispose();
        _otherRegion.Dispose();
    }

    [Fact]
    public void It_is_negotiated_and_granted_and_the_port_goes_by_it_from_start_to_stop()
    {
        Assert.Equal((0u, 0u), (_client.Register(Features), _client.Register(HeaderLength)));
        Probe(wanted: 1, granted: 1);
        AskFor(12, granted: 12);
        Assert.Equal(0, _port.VnetHeaderLength);
        Start();
        Assert.Equal(12, _port.VnetHeaderLength);
        AskFor(0, granted: 12);
        Stop();
        AskFor(0, granted: 0);
        Start();
        Assert.Equal(0, _port.VnetHeaderLength);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(uint.MaxValue)]
    public void Other_lengths_are_refused_with_0(uint length)
    {
        Probe(wanted: uint.MaxValue, granted: 1);
        AskFor(12, granted: 12);
        AskFor(length, granted: 0);
    }

    [Fact]
    public void It_is_refused_with_0_where_the_owner_does_not_want_it()
    {
        _client.Dispose();
        _device.Dispose();
        _device = NewDevice(offloads: false);
        _client = NewClient();
        Probe(wanted: 1, granted: 0);
        AskFor(12, granted: 0);
        Start();
        Assert.Equal(0, _port.VnetHeaderLength);
    }

    [Fact]
    public void A_reset_and_a_new_client_begin_without()
    {
        Probe(wanted: 1, granted: 1);
        AskFor(12, granted: 12);
        Start();
        Assert.Equal(Errno.None, _client.Call(Command.DeviceReset, []).Errno);
        Assert.Equal((0u, 0u), (_client.Register(Features), _client.Register(HeaderLength)));
        ProgramCsb();
        Start();
        Assert.Equal(0, _port.VnetHeaderLength);
        Stop();

        Probe(wanted: 1, granted: 1);
        AskFor(12, granted: 12);
        Start();
        _client.Dispose();
        _client = NewClient();
        Assert.Equal((0u, 0u), (_client.Register(Features), _client.Register(HeaderLength)));
    }

    [Fact]
    public void A_guest_thread_that_comes_to_the_port_next_has_no_header()
    {
        Probe(wanted: 1, granted: 1);
        AskFor(12, granted: 12);
        Start();
        Stop();
        using GuestAttachment next = GuestAttachment.Attach(_port, _workers, NotificationPolicy.Sleep, _quiescence);
        Assert.Equal(0, _port.VnetHeaderLength);
    }

    [Fact]
    public void What_a_driver_leaves_undone_a_receiver_without_the_header_gets_done()
    {
        using GuestAttachment receiver =
            GuestAttachment.Attach(_other, _workers, NotificationPolicy.Sleep, _quiescence);
        NetmapPort port = NetmapPort.Open(
            new LocalChannel(
                receiver.Region, receiver.InterfaceOffset, receiver.Csb, receiver.Kicks, receiver.Interrupts,
                receiver.Assist),
            IdleStrategy.Sleep);
        Probe(wanted: 1, granted: 1);
        AskFor(12, granted: 12);
        Start();
        var shape = new TestShape();
        byte[] packet = TestPackets.With(TestPackets.Header(shape, 500), TestPackets.Make(shape, new byte[1900]));
        RingView tx = _port.Memory.TxRings[0];
        CsbGuestView csb = _ram.Csb(0);
        uint head = csb.ReadOwnHead();
        SlotWord slot = tx.Slots[(int)head].Word;
        packet.CopyTo(_region.Buffers[slot.BufferIndex]);
        tx.Slots[(int)head].Word = new SlotWord(slot.BufferIndex, (ushort)packet.Length, SlotFlags.None);
        csb.WriteCurHeadRelease(tx.Next(head), tx.Next(head));
        _client.PostRegister(128, 1);

        Assert.True(port.RxRings[0].WaitForPackets(Patience));
        int[] lengths =
            [.. Enumerable.Range(0, (int)port.RxRings[0].Available).Select(i => port.RxRings[0].Frame((uint)i).Length)];
        Assert.Equal([554, 554, 554, 454], lengths);
        Assert.True(TestPackets.HasGoodChecksums(shape, port.RxRings[0].Frame(3)));
    }

    private static MemoryRegion NewRegion(ushort id) =>
        MemoryRegion.Create(
            new RegionRequest { Id = id, Slots = 64, BufferSize = 2112, HugePages = HugePagePolicy.Off });

    private PtnetDevice NewDevice(bool offloads) => new(
        "ptnet0", new PtnetOptions(_port, _workers, NotificationPolicy.Sleep, _quiescence) { Offloads = offloads });

    private HandClient NewClient()
    {
        var client = new HandClient(_device);
        Assert.Equal(Errno.None, client.Map(GuestRam.Base, (ulong)GuestRam.Size, _ram.File));
        return client;
    }

    private void Probe(uint wanted, uint granted)
    {
        _client.SetRegister(Features, wanted);
        Assert.Equal(granted, _client.Register(Features));
        ProgramCsb();
    }

    private void ProgramCsb()
    {
        _client.SetRegister(52, 0);
        _client.SetRegister(56, (uint)GuestRam.AtokAt);
        _client.SetRegister(60, 0);
        _client.SetRegister(64, (uint)GuestRam.KtoaAt);
    }

    private void AskFor(uint length, uint granted)
    {
        _client.SetRegister(HeaderLength, length);
        Assert.Equal(granted, _client.Register(HeaderLength));
    }

    private void Start()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_ram.Page(GuestRam.KtoaAt)[8..], 1);
        Assert.Equal(Errno.None, _client.SetRegister(Control, 1));
        Assert.Equal(0u, _client.Register(Control));
        Assert.True(_device.IsRunning);
    }

    private void Stop()
    {
        Assert.Equal(Errno.None, _client.SetRegister(Control, 2));
        Assert.False(_device.IsRunning);
    }
}
