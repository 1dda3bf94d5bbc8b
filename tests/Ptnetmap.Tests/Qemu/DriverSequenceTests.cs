using System.Buffers.Binary;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Passthrough;

namespace Ptnetmap.Tests.Qemu;

/// <summary>What the drivers of netmap for Linux and of FreeBSD do with the registers, in their order, against a device
/// with a real port behind it.</summary>
public sealed class DriverSequenceTests : IDisposable
{
    private const uint Granted = 0;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly QemuBed _bed = new();
    private readonly GuestRam _ram = new();
    private readonly HandClient _client;
    private readonly EventFd[] _vectors = [new(), new()];

    public DriverSequenceTests()
    {
        _client = new HandClient(_bed.Ptnet);
        Assert.Equal(Errno.None, _client.Map(GuestRam.Base, (ulong)GuestRam.Size, _ram.File));
    }

    public void Dispose()
    {
        _client.Dispose();
        _ram.Dispose();
        Array.ForEach(_vectors, vector => vector.Dispose());
        _bed.Dispose();
    }

    [Fact]
    public void Linux_attaches_sends_receives_and_leaves()
    {
        ProbeLikeLinux();
        OpenPort();
        ExchangePackets();
        ClosePort();
        RemoveLikeLinux();
        Assert.False(_bed.Ptnet.IsRunning);
    }

    [Fact]
    public void Linux_is_removed_while_its_interface_is_up()
    {
        // The loop is stopped and the CSB forgotten before the interface is closed, which stops it again.
        ProbeLikeLinux();
        OpenPort();
        RemoveLikeLinux();
        ProbeLikeLinux();
        OpenPort();
        ExchangePackets();
    }

    [Fact]
    public void FreeBSD_attaches_sends_receives_and_leaves()
    {
        // It asks for an I/O BAR, and for the MSI-X table in BAR 2, before it touches a register.
        Assert.Equal(1, _client.Read(7, 0x10, 4)[0] & 1);
        Assert.Equal(2, _client.Read(7, 0x44, 4)[0] & 7);
        AttachLikeFreeBsd();
        OpenPort();
        ExchangePackets();
        ClosePort();

        // Netmap mode and back, and the interface up again.
        OpenPort();
        ExchangePackets();
        ClosePort();
        DetachLikeFreeBsd();
        Assert.False(_bed.Ptnet.IsRunning);
        AttachLikeFreeBsd();
        OpenPort();
        ExchangePackets();
    }

    [Fact]
    public void A_driver_that_is_loaded_again_finds_everything_new()
    {
        for (int i = 0; i < 3; i++)
        {
            ProbeLikeLinux();
            OpenPort();
            ExchangePackets();
            ClosePort();
            RemoveLikeLinux();
        }
    }

    [Fact]
    public void A_guest_that_reboots_in_the_middle_starts_anew()
    {
        ProbeLikeLinux();
        OpenPort();
        Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Msix, 0, 0).Errno);
        Assert.Equal(Errno.None, _client.Call(Command.DeviceReset, []).Errno);
        Assert.False(_bed.Ptnet.IsRunning);
        Assert.All([52u, 56u, 60u, 64u, 4u], register => Assert.Equal(0u, _client.Register(register)));
        ProbeLikeLinux();
        OpenPort();
        ExchangePackets();
    }

    [Fact]
    public void The_memdev_tells_the_regions_layout()
    {
        using var client = new HandClient(_bed.Memdev);
        RegionLayout layout = _bed.Region.Layout;
        uint[] expected =
        [
            (uint)layout.Size, (uint)(layout.Size >> 32), layout.Id,
            (uint)layout.Interfaces.Offset, layout.Interfaces.Count, layout.Interfaces.ObjectSize,
            (uint)layout.Rings.Offset, layout.Rings.Count, layout.Rings.ObjectSize,
            (uint)layout.Buffers.Offset, layout.Buffers.Count, layout.Buffers.ObjectSize,
        ];
        uint[] offsets = [0, 4, 8, 64, 68, 72, 76, 80, 84, 88, 92, 96];
        Assert.Equal(expected, offsets.Select(offset => client.Register(offset)));
    }

    // netmap_ptnet.c, ptnet_probe: MAC, then vectors.
    private void ProbeLikeLinux()
    {
        AskForFeaturesAndNameTheCsb();
        ReadMac();
        EnableVectors();
        ReadPlaceAndSize();
    }

    // if_ptnet.c, ptnet_attach: vectors, then MAC.
    private void AttachLikeFreeBsd()
    {
        AskForFeaturesAndNameTheCsb();
        EnableVectors();
        ReadMac();
        ReadPlaceAndSize();
    }

    private void AskForFeaturesAndNameTheCsb()
    {
        _client.SetRegister(0, 1);
        Assert.Equal(Granted, _client.Register(0));
        Assert.Equal((1u, 1u), (_client.Register(28), _client.Register(32)));
        ProgramCsb(GuestRam.AtokAt, GuestRam.KtoaAt);
    }

    private void ReadMac() => Assert.Equal((0x0211u, 0x22334455u), (_client.Register(12), _client.Register(8)));

    private void ReadPlaceAndSize()
    {
        Assert.Equal((uint)_bed.Master.Memory.InterfaceOffset, _client.Register(24));
        Assert.Equal((64u, 64u), (_client.Register(36), _client.Register(40)));
        Assert.Equal(7u, _client.Register(48));
        AskForHeader();
    }

    // 12 bytes wanted, as both drivers do unless told otherwise; none granted.
    private void AskForHeader()
    {
        _client.SetRegister(44, 12);
        Assert.Equal(0u, _client.Register(44));
    }

    // ptnet_remove: the device is shut down first; closing the interface stops it again.
    private void RemoveLikeLinux()
    {
        ShutDown();
        ClosePort();
        DisableVectors();
    }

    // ptnet_detach: the interface is down when it is destroyed.
    private void DetachLikeFreeBsd()
    {
        ShutDown();
        DisableVectors();
    }

    private void ShutDown()
    {
        ClosePort();
        ProgramCsb(0, 0);
    }

    private void DisableVectors() => Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Msix, 0, 0).Errno);

    private void ProgramCsb(ulong atok, ulong ktoa)
    {
        _client.SetRegister(52, (uint)(atok >> 32));
        _client.SetRegister(56, (uint)atok);
        _client.SetRegister(60, (uint)(ktoa >> 32));
        _client.SetRegister(64, (uint)ktoa);
    }

    // As QEMU does it: first a vector without an eventfd, then all with one each.
    private void EnableVectors()
    {
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 1).Errno);
        FileDescriptor[] descriptors = [_vectors[0].Descriptor, _vectors[1].Descriptor];
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 2, null, descriptors).Errno);
    }

    // nm_config, then nm_register.
    private void OpenPort()
    {
        Assert.Equal((1u, 1u), (_client.Register(28), _client.Register(32)));
        Assert.Equal((64u, 64u), (_client.Register(36), _client.Register(40)));
        BinaryPrimitives.WriteUInt32LittleEndian(_ram.Page(GuestRam.AtokAt)[8..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(_ram.Page(GuestRam.AtokAt)[(64 + 8)..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(_ram.Page(GuestRam.KtoaAt)[8..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(_ram.Page(GuestRam.KtoaAt)[(64 + 8)..], 1);
        AskForHeader();
        Assert.Equal(Errno.None, _client.SetRegister(4, 1));
        Assert.Equal(0u, _client.Register(4));
        Assert.True(_bed.Ptnet.IsRunning);

        // Both halves are set when START returns: a ring's worth of free slots, nothing received.
        CsbGuestView tx = _ram.Csb(0);
        Assert.Equal(tx.ReadOwnHead(), tx.ReadOwnCur());
        Assert.Equal(63u, _bed.Master.TxRings[0].Ring.Distance(tx.ReadOwnHead(), tx.ReadHwTailAcquire()));
        Assert.Equal(_ram.Csb(1).ReadHwTailAcquire(), _ram.Csb(1).ReadOwnHead());
    }

    private void ClosePort()
    {
        _client.SetRegister(4, 2);
        Assert.Equal(0u, _client.Register(4));
        Assert.False(_bed.Ptnet.IsRunning);
    }

    private void ExchangePackets()
    {
        using GuestAttachment other = _bed.AttachOther();
        var hand = new HandGuest(other);

        // Out: a slot filled, head published, a kick if the host sleeps.
        RingView tx = _bed.Master.Memory.TxRings[0];
        CsbGuestView txCsb = _ram.Csb(0);
        uint head = txCsb.ReadOwnHead();
        ref NetmapSlot slot = ref tx.Slots[(int)head];
        _bed.Region.Buffers[slot.BufferIndex][..60].Fill(0x5A);
        BinaryPrimitives.WriteUInt32LittleEndian(_bed.Region.Buffers[slot.BufferIndex], 0x5A);
        slot.Length = 60;
        txCsb.WriteCurHeadRelease(tx.Next(head), tx.Next(head));
        _client.PostRegister(128, 1);
        hand.AwaitPackets();
        Assert.Equal(0x5Au, hand.Receive());

        // In: the driver asked for an interrupt and sleeps; vector 1 is the rx ring's.
        CsbGuestView rxCsb = _ram.Csb(1);
        rxCsb.WriteApplNeedKick(true);
        hand.Send(0x77);
        other.Kicks[0].Signal();
        Assert.True(_vectors[1].Wait(Patience), "no interrupt came");
        RingView rx = _bed.Master.Memory.RxRings[0];
        uint rxHead = rxCsb.ReadOwnHead();
        Assert.Equal(1u, rx.Distance(rxHead, rxCsb.ReadHwTailAcquire()));
        Assert.Equal(0x77u,
            BinaryPrimitives.ReadUInt32LittleEndian(_bed.Region.Buffers[rx.Slots[(int)rxHead].BufferIndex]));
        rxCsb.WriteApplNeedKick(false);
        rxCsb.WriteCurHeadRelease(rx.Next(rxHead), rx.Next(rxHead));
    }
}
