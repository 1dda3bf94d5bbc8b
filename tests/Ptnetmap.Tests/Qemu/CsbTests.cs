using System.Buffers.Binary;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Passthrough;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>The CSB in the guest's memory, and what happens when that memory goes.</summary>
public sealed class CsbTests : IDisposable
{
    private readonly QemuBed _bed = new();
    private readonly GuestRam _ram = new();
    private readonly HandClient _client;

    public CsbTests()
    {
        _client = new HandClient(_bed.Ptnet);
        Assert.Equal(Errno.None, _client.Map(GuestRam.Base, (ulong)GuestRam.Size, _ram.File));
    }

    public void Dispose()
    {
        _client.Dispose();
        _ram.Dispose();
        _bed.Dispose();
    }

    [Theory]
    [InlineData(0x50_0000, (uint)Errno.Fault)]
    [InlineData(0xF_FFC0, (uint)Errno.Fault)]
    [InlineData(0x1F_FFC0, (uint)Errno.Fault)]
    [InlineData(0x10_4004, (uint)Errno.Invalid)]
    [InlineData(-64, (uint)Errno.Fault)]
    public void An_address_that_is_no_memory_of_the_guests_does_not_start_the_port(long address, uint errno)
    {
        Program((ulong)address, GuestRam.KtoaAt);
        Assert.Equal((Errno)errno, _client.SetRegister(4, 1));
        Assert.Equal(errno, _client.Register(4));
        Program(GuestRam.AtokAt, (ulong)address);
        Assert.Equal((Errno)errno, _client.SetRegister(4, 1));
        Assert.False(_bed.Ptnet.IsRunning);
    }

    [Fact]
    public void Without_a_CSB_the_port_does_not_start()
    {
        Assert.Equal(Errno.Invalid, _client.SetRegister(4, 1));
        Assert.Equal((uint)Errno.Invalid, _client.Register(4));
    }

    [Fact]
    public void An_unknown_command_is_told_to_the_guest()
    {
        _client.SetRegister(4, 3);
        Assert.Equal((uint)Errno.Invalid, _client.Register(4));
        _client.SetRegister(4, 2);
        Assert.Equal(0u, _client.Register(4));
    }

    [Fact]
    public void Starting_twice_and_stopping_twice_is_no_error()
    {
        Start();
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Assert.Equal(Errno.None, _client.SetRegister(4, 2));
        Assert.Equal(Errno.None, _client.SetRegister(4, 2));
        Assert.False(_bed.Ptnet.IsRunning);
    }

    [Fact]
    public void A_port_with_another_guest_is_busy()
    {
        using GuestAttachment other = GuestAttachment.Attach(
            _bed.Master, _bed.Workers, NotificationPolicy.Sleep, _bed.Quiescence);
        Program(GuestRam.AtokAt, GuestRam.KtoaAt);
        Assert.Equal(Errno.Busy, _client.SetRegister(4, 1));
        Assert.Equal((uint)Errno.Busy, _client.Register(4));
        other.Dispose();
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
    }

    [Fact]
    public void An_unmap_under_it_stops_the_port_and_a_map_starts_it_again()
    {
        Start();
        Assert.Equal(Errno.None, _client.Unmap(GuestRam.Base, (ulong)GuestRam.Size).Errno);
        Assert.False(_bed.Ptnet.IsRunning);

        // Half of it is not enough.
        Assert.Equal(Errno.None, _client.Map(GuestRam.Base, 0x8000, _ram.File));
        Assert.False(_bed.Ptnet.IsRunning);
        Assert.Equal(Errno.None, _client.Map(GuestRam.Base + 0x8000, 0x8000, _ram.File, 0x8000));
        Assert.True(_bed.Ptnet.IsRunning);
    }

    [Fact]
    public void An_unmap_elsewhere_leaves_it_alone()
    {
        Start();
        Assert.Equal(Errno.None, _client.Map(0x4000_0000, 0x1000, _ram.File));
        Assert.Equal(Errno.None, _client.Unmap(0x4000_0000, 0x1000).Errno);
        Assert.True(_bed.Ptnet.IsRunning);
    }

    [Fact]
    public void A_stopped_port_stays_stopped_when_memory_comes_and_goes()
    {
        Start();
        _client.SetRegister(4, 2);
        Assert.Equal(Errno.None, _client.Unmap(GuestRam.Base, (ulong)GuestRam.Size).Errno);
        Assert.Equal(Errno.None, _client.Map(GuestRam.Base, (ulong)GuestRam.Size, _ram.File));
        Assert.False(_bed.Ptnet.IsRunning);
    }

    [Fact]
    public void A_port_that_is_held_stops_and_goes_on_when_it_is_let()
    {
        Start();
        _bed.Ptnet.Hold(true);
        Assert.False(_bed.Ptnet.IsRunning);
        Assert.Equal(Errno.Busy, _client.SetRegister(4, 1));
        _bed.Ptnet.Hold(false);
        Assert.True(_bed.Ptnet.IsRunning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_guest_hands_over_while_it_is_away_is_sent_when_it_is_back(bool held)
    {
        // A driver whose ring is full waits for the interrupt and publishes nothing again.
        Start();
        using GuestAttachment other = _bed.AttachOther();
        var hand = new HandGuest(other);
        Leave(held);
        RingView tx = _bed.Master.Memory.TxRings[0];
        CsbGuestView csb = _ram.Csb(0);
        uint head = csb.ReadOwnHead();
        for (uint i = 0; i < 63; i++, head = tx.Next(head))
        {
            ref NetmapSlot slot = ref tx.Slots[(int)head];
            Span<byte> frame = _bed.Region.Buffers[slot.BufferIndex][..60];
            frame.Fill((byte)i);
            BinaryPrimitives.WriteUInt32LittleEndian(frame, i);
            slot.Length = 60;
        }

        csb.WriteApplNeedKick(true);
        csb.WriteCurHeadRelease(head, head);
        Assert.False(_bed.Ptnet.IsRunning);
        Return(held);
        Assert.True(_bed.Ptnet.IsRunning);
        for (uint i = 0; i < 63; i++)
        {
            hand.AwaitPackets();
            Assert.Equal(i, hand.Receive());
        }

        Assert.Equal(head, csb.ReadOwnHead());
    }

    [Fact]
    public void Nonsense_that_is_written_while_it_is_away_is_put_right()
    {
        Start();
        Leave(held: true);
        _ram.Csb(0).WriteCurHeadRelease(5000, 5000);
        Return(held: true);
        Assert.Equal((0u, 0u), (_ram.Csb(0).ReadOwnHead(), _ram.Csb(0).ReadOwnCur()));
    }

    [Fact]
    public void The_end_of_the_client_detaches_the_guest_and_the_port_takes_the_next()
    {
        Start();
        _client.Stream.Dispose();
        Assert.Equal(SessionState.Ended, _client.Session.Pump());
        Assert.False(_bed.Ptnet.IsRunning);
        Assert.False(_bed.Ptnet.IsConnected);
        using var next = new HandClient(_bed.Ptnet);
        Assert.Equal((0u, 0u), (next.Register(56), next.Register(64)));
    }

    [Fact]
    public void The_CSB_of_the_device_needs_no_memory_of_the_guests()
    {
        Assert.Equal(Errno.None, _client.Unmap(0, 0, flags: 2).Errno);
        Assert.Equal((0x706E7478u, 3u), (_client.Register(112), _client.Register(116)));
        _client.SetRegister(120, 1);
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Assert.True(_bed.Ptnet.IsRunning);
        Assert.Equal(63u, BitConverter.ToUInt32(_client.Read(4, 4096 + 4, 4)));
    }

    [Fact]
    public void A_driver_that_brings_its_CSB_takes_over_from_a_program_that_was_killed()
    {
        _client.SetRegister(120, 1);
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Assert.True(_bed.Ptnet.IsRunning);

        // Nobody stopped the port. The driver's probe names its CSB, and START is to mean that one.
        Program(GuestRam.AtokAt, GuestRam.KtoaAt);
        Assert.Equal(0u, _client.Register(120));
        Assert.False(_bed.Ptnet.IsRunning);
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Assert.True(_bed.Ptnet.IsRunning);
        Assert.Equal(63u, _ram.Csb(0).ReadHwTailAcquire());
    }

    [Fact]
    public void Clearing_the_CSB_registers_leaves_the_CSB_of_the_device_alone()
    {
        _client.SetRegister(120, 1);
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Program(0, 0);
        Assert.Equal(1u, _client.Register(120));
        Assert.True(_bed.Ptnet.IsRunning);
    }

    private void Leave(bool held)
    {
        if (held)
        {
            _bed.Ptnet.Hold(true);
        }
        else
        {
            Assert.Equal(Errno.None, _client.Unmap(GuestRam.Base, (ulong)GuestRam.Size).Errno);
        }
    }

    private void Return(bool held)
    {
        if (held)
        {
            _bed.Ptnet.Hold(false);
        }
        else
        {
            Assert.Equal(Errno.None, _client.Map(GuestRam.Base, (ulong)GuestRam.Size, _ram.File));
        }
    }

    private void Start()
    {
        Program(GuestRam.AtokAt, GuestRam.KtoaAt);
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Assert.True(_bed.Ptnet.IsRunning);
    }

    // A bad address is refused at once, and again when the port is started.
    private void Program(ulong atok, ulong ktoa)
    {
        _ = _client.SetRegister(52, (uint)(atok >> 32));
        _ = _client.SetRegister(56, (uint)atok);
        _ = _client.SetRegister(60, (uint)(ktoa >> 32));
        _ = _client.SetRegister(64, (uint)ktoa);
    }
}
