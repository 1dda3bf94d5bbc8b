using System.Security.Cryptography;
using Ptnetmap.Memory;
using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Integration.Tests.MicroVm;

/// <summary>What one machine can reach of another, and do to it.</summary>
public class StrangersTests
{
    private const int Slots = 128;

    [Fact]
    public void A_stranger_that_reads_everywhere_finds_nothing_of_the_other()
    {
        using var bed = new MachineBed();
        var vale = ValeSwitch.Create("vale0");
        MemoryRegion own = bed.Region(1, Slots);
        MemoryRegion others = bed.Region(1, Slots);
        GuestAttachment port = bed.SwitchPort(vale, own, Slots);
        GuestAttachment other = bed.SwitchPort(vale, others, Slots);
        byte[] secret = RandomNumberGenerator.GetBytes(ProbeProgram.SecretSize);
        secret.CopyTo(others.Buffers[5]);
        secret.CopyTo(other.Csb.Span[(CsbMemory.Size - ProbeProgram.SecretSize)..]);
        using MicroVirtualMachine stranger = bed.Machine(new ProbeProgram { Secret = secret, Limit = 8L << 30 }, port);
        MachineBed.AssertEnded(stranger);
        Assert.Equal(0, stranger.Counters.Found);
        Assert.True(stranger.HolesTouched > 4000, $"{stranger.HolesTouched} of 4096 looks were at holes");
        Assert.True(stranger.Counters.Probed > own.Layout.Size / 8, "all of its own region was read");
    }

    [Fact]
    public void A_partner_in_the_same_region_finds_it()
    {
        using var bed = new MachineBed();
        MemoryRegion shared = bed.Region(2, Slots);
        (GuestAttachment first, _) = bed.Pipe(shared, Slots);
        byte[] secret = RandomNumberGenerator.GetBytes(ProbeProgram.SecretSize);
        secret.CopyTo(shared.Buffers[shared.Buffers.Count - 1]);
        using MicroVirtualMachine partner = bed.Machine(new ProbeProgram { Secret = secret, Limit = 1L << 30 }, first);
        MachineBed.AssertEnded(partner);
        Assert.Equal(1, partner.Counters.Found);
    }

    [Fact]
    public void A_scribbler_costs_only_itself()
    {
        const int packets = 100_000;
        using var bed = new MachineBed();
        var vale = ValeSwitch.Create("vale0");
        GuestAttachment wild = bed.SwitchPort(vale, bed.Region(1, Slots), Slots);
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, Slots), Slots);
        MicroVirtualMachine scribbler = bed.Machine(new ScribblerProgram { Seed = 42 }, wild);
        MicroVirtualMachine receiver = bed.Machine(new ReceiverProgram { Verify = true, Packets = packets }, second);
        MicroVirtualMachine sender = bed.Machine(new SenderProgram { Traffic = new() { Limit = packets } }, first);
        MachineBed.AssertEnded(sender);
        MachineBed.AssertEnded(receiver);
        MachineBed.AssertClean(receiver.Counters, packets);
        Assert.Equal(MicroVmState.Running, scribbler.State);
        Assert.True(scribbler.Counters.Kicks > 0);
    }

    [Fact]
    public void Machines_hear_those_of_their_VLAN_and_nobody_else()
    {
        const int packets = 100;
        using var bed = new MachineBed();
        var vale = ValeSwitch.Create("vale0");
        MicroVirtualMachine[] receivers = [Receiver(10), Receiver(20)];
        MicroVirtualMachine[] senders = [Sender(10, length: 60), Sender(20, length: 90)];
        Assert.All(senders, MachineBed.AssertEnded);
        Assert.All(receivers, receiver =>
        {
            MachineBed.AssertEnded(receiver);
            MachineBed.AssertClean(receiver.Counters, packets);
        });
        Assert.Equal([packets * 60, packets * 90], receivers.Select(receiver => receiver.Counters.Bytes));

        MicroVirtualMachine Receiver(int vlan) =>
            bed.Machine(new ReceiverProgram { Verify = true, Packets = packets }, Port(vlan));
        MicroVirtualMachine Sender(int vlan, int length) => bed.Machine(
            new SenderProgram { Traffic = new() { FrameLength = length, Limit = packets } }, Port(vlan));
        GuestAttachment Port(int vlan) =>
            bed.SwitchPort(vale, bed.Region(1, Slots), Slots, PortVlans.Access(vlan));
    }
}
