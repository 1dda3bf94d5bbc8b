using Ptnetmap.Integration.Tests.Qemu;
using Ptnetmap.Memory;
using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Integration.Tests.MicroVm;

/// <summary>Machines start, stop, crash and go. Not beside those of QEMU, whose hosts open hundreds of files at
/// once.</summary>
[Collection(VirtualMachines.Name)]
public class LifeTests
{
    private const int Slots = 64;

    [Fact]
    public void A_sleeping_guest_comes_to_its_end_when_asked()
    {
        using var bed = new MachineBed();
        (GuestAttachment first, _) = bed.Pipe(bed.Region(2, Slots), Slots);
        MicroVirtualMachine receiver = bed.Machine(new ReceiverProgram(), first);
        receiver.Stop(MachineBed.Patience);
        Assert.Equal(MicroVmState.Finished, receiver.State);
        Assert.Null(receiver.Reason);
    }

    [Fact]
    public void A_guest_that_does_not_listen_is_taken_out_by_force()
    {
        using var bed = new MachineBed();
        (GuestAttachment first, _) = bed.Pipe(bed.Region(2, Slots), Slots);

        // Its rounds of spinning are long, and it listens only between them.
        MicroVirtualMachine receiver = bed.Machine(new ReceiverProgram { SpinPauses = int.MaxValue }, first);
        Assert.True(SpinWait.SpinUntil(() => receiver.Counters.Waits > 0, MachineBed.Patience));
        receiver.Stop(TimeSpan.FromMilliseconds(1));
        Assert.Equal(MicroVmState.Stopped, receiver.State);
        Assert.Null(receiver.Reason);
    }

    [Fact]
    public void A_crash_is_a_state_with_a_reason()
    {
        using var bed = new MachineBed();
        MemoryRegion region = bed.Region(2, Slots);
        (GuestAttachment first, _) = bed.Pipe(region, Slots);

        // A buffer index far outside the region: the guest trusts its host and writes there.
        foreach (ref NetmapSlot slot in first.Port.Memory.TxRings[0].Slots)
        {
            slot.BufferIndex = uint.MaxValue;
        }

        MicroVirtualMachine sender = bed.Machine(new SenderProgram(), first);
        Assert.True(sender.Wait(MachineBed.Patience));
        Assert.Equal(MicroVmState.Crashed, sender.State);
        Assert.NotNull(sender.Reason);
        sender.Stop(TimeSpan.Zero);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var bed = new MachineBed();
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, Slots), Slots);
        Cycle(first, second);
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int i = 0; i < 20; i++)
        {
            Cycle(first, second);
        }

        // Other tests run beside this one and have descriptors of their own: twenty cycles would leave two hundred.
        Assert.InRange(Directory.GetFileSystemEntries("/proc/self/fd").Length, 0, before + 100);
    }

    [Fact]
    public void A_program_that_needs_two_ports_says_so()
    {
        using var bed = new MachineBed();
        (GuestAttachment first, _) = bed.Pipe(bed.Region(2, Slots), Slots);
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => bed.Machine(new ForwarderProgram(), first));
        Assert.Contains("needs 2 ports", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_probe_of_the_machine_says_something_useful()
    {
        Needs.Kvm();
        Ptnetmap.Linux.Kvm.KvmProbeResult result = Ptnetmap.Linux.Kvm.KvmProbe.Run();
        Assert.True(result.Exists);
        Assert.True(result.Usable, result.Problem);
        Assert.True(result.ExitMicroseconds > 0);
    }

    // The endless sender blocks on a full pipe, which the second machine empties for a moment.
    private static void Cycle(GuestAttachment first, GuestAttachment second)
    {
        using var sender = MicroVirtualMachine.Start(
            new MicroVmOptions { Program = new SenderProgram(), Ports = [first] });
        using var receiver = MicroVirtualMachine.Start(
            new MicroVmOptions { Program = new ReceiverProgram { Packets = 1000 }, Ports = [second] });
        MachineBed.AssertEnded(receiver);
    }
}
