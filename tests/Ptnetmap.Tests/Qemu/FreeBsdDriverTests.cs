using System.Buffers.Binary;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Passthrough;

namespace Ptnetmap.Tests.Qemu;

/// <summary>What FreeBSD's if_ptnet does around its start: it asks for interrupts, starts the port, and hears them only
/// when the start has returned. It looks at its receive ring after an interrupt and at no other time.</summary>
public sealed class FreeBsdDriverTests : IDisposable
{
    private const uint Free = 63;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly QemuBed _bed = new();
    private readonly GuestRam _ram = new();
    private readonly HandClient _client;
    private readonly EventFd[] _vectors = [new(), new()];
    private readonly GuestAttachment _other;
    private readonly HandGuest _sender;
    private uint _head;
    private uint _sent;
    private bool _isAwake;

    public FreeBsdDriverTests()
    {
        _client = new HandClient(_bed.Ptnet);
        Assert.Equal(Errno.None, _client.Map(GuestRam.Base, (ulong)GuestRam.Size, _ram.File));
        _other = _bed.AttachOther();
        _sender = new HandGuest(_other);
    }

    private RingView Rx => _bed.Master.Memory.RxRings[0];

    private CsbGuestView RxCsb => _ram.Csb(1);

    public void Dispose()
    {
        _client.Dispose();
        _other.Dispose();
        _ram.Dispose();
        Array.ForEach(_vectors, vector => vector.Dispose());
        _bed.Dispose();
    }

    [Fact]
    public void A_driver_after_one_that_hung_starts_with_an_empty_ring_and_gets_what_is_sent_to_it()
    {
        Start();
        Send(Free);
        AwaitFull();

        // The guest hangs and is reset. What it had not read is nobody's.
        Assert.Equal(Errno.None, _client.Call(Command.DeviceReset, []).Errno);
        Start();
        Assert.Equal(RxCsb.ReadOwnHead(), RxCsb.ReadHwTailAcquire());
        Assert.Equal(Free, _bed.Master.RxRings[0].Counters.Drops.Of(DropReason.Unread));
        Send(1);
        Assert.Equal(Free, ReceiveAfterInterrupt());
    }

    [Fact]
    public void A_ring_that_was_filled_before_the_driver_could_hear_is_read_all_the_same()
    {
        Start();
        Send(Free);
        AwaitFull();
        Send(10);

        // Its start returns now. Whatever was signalled by now was not heard.
        _ = _vectors[1].TryConsume();
        for (uint i = 0; i < Free + 10; i++)
        {
            Assert.Equal(i, ReceiveAfterInterrupt());
        }
    }

    [Fact]
    public void A_driver_that_stops_and_starts_its_port_does_not_read_what_came_before()
    {
        Start();
        Send(5);
        Assert.Equal(0u, ReceiveAfterInterrupt());
        _ = _client.SetRegister(4, 2);
        Start();
        Assert.Equal(4, _bed.Master.RxRings[0].Counters.Drops.Of(DropReason.Unread));
        Send(1);
        Assert.Equal(5u, ReceiveAfterInterrupt());
    }

    private void Start()
    {
        _client.SetRegister(52, (uint)(GuestRam.AtokAt >> 32));
        _client.SetRegister(56, (uint)GuestRam.AtokAt);
        _client.SetRegister(60, (uint)(GuestRam.KtoaAt >> 32));
        _client.SetRegister(64, (uint)GuestRam.KtoaAt);
        FileDescriptor[] descriptors = [_vectors[0].Descriptor, _vectors[1].Descriptor];
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 2, null, descriptors).Errno);
        RxCsb.WriteApplNeedKick(true);
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        _head = RxCsb.ReadOwnHead();
        _isAwake = false;
        _ = _vectors[1].TryConsume();
    }

    private void Send(uint count)
    {
        for (; count > 0; count--)
        {
            _sender.Send(_sent++);
        }

        _other.Assist();
    }

    private void AwaitFull() => Assert.True(SpinWait.SpinUntil(() => _bed.Master.RxRings[0].Free == 0, Patience));

    // ptnet_rx_intr and ptnet_rx_eof for one packet: nothing is looked at unless an interrupt came, or the look after
    // the asking finds something.
    private uint ReceiveAfterInterrupt()
    {
        while (!_isAwake)
        {
            Assert.True(_vectors[1].Wait(Patience), "no interrupt came");
            _isAwake = _head != RxCsb.ReadHwTailAcquire();
        }

        RxCsb.WriteApplNeedKick(false);
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(_bed.Region.Buffers[Rx.Slots[(int)_head].BufferIndex]);
        _head = Rx.Next(_head);
        RxCsb.WriteCurHeadRelease(_head, _head);
        Interlocked.MemoryBarrier();
        if (RxCsb.ReadKernNeedKick())
        {
            _client.PostRegister(128 + 4, 1);
        }

        RxCsb.WriteApplNeedKick(true);
        Interlocked.MemoryBarrier();
        _isAwake = _head != RxCsb.ReadHwTailAcquire();
        return number;
    }
}
