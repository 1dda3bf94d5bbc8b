using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Integration.Tests.MicroVm;

/// <summary>Machines that look for long before they sleep: what they sent does not wait for anybody else
/// meanwhile.</summary>
public class PatienceTests
{
    private const int Packets = 100;

    /// <summary>Longer than any wait of a test.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public void Machines_that_were_answered_soon_do_not_sleep()
    {
        using var bed = new MachineBed();
        (MicroVirtualMachine ping, MicroVirtualMachine echo) = Exchange(
            bed, busy: false, new PingProgram { Patience = Long }, new EchoProgram { Patience = Long });

        // Only the first wait of each has none before it.
        Assert.InRange(ping.Counters.Sleeps, 0, 1);
        Assert.InRange(echo.Counters.Sleeps, 0, 1);
    }

    [Fact]
    public void Patient_machines_need_no_worker() => Exchange(
        busy: true, new PingProgram { Patience = Long }, new EchoProgram { Patience = Long });

    [Fact]
    public void Machines_that_look_for_ever_need_no_worker() => Exchange(
        busy: true, new PingProgram { SpinPauses = int.MaxValue }, new EchoProgram { SpinPauses = int.MaxValue });

    [Fact]
    public void A_patient_machine_stops_when_it_is_told_to()
    {
        using var bed = new MachineBed();
        (_, MicroVirtualMachine echo) = Exchange(
            bed, busy: false, new PingProgram { Patience = Long }, new EchoProgram { Patience = Long });
        echo.Stop(MachineBed.Patience);
        Assert.Equal((MicroVmState.Finished, Packets), (echo.State, echo.Counters.Packets));
    }

    private static void Exchange(bool busy, PingProgram ping, EchoProgram echo)
    {
        using var bed = new MachineBed();
        _ = Exchange(bed, busy, ping, echo);
    }

    private static (MicroVirtualMachine Ping, MicroVirtualMachine Echo) Exchange(
        MachineBed bed, bool busy, PingProgram ping, EchoProgram echo)
    {
        (GuestAttachment first, GuestAttachment second) = bed.Pipe(bed.Region(2, 100), 100);
        if (busy)
        {
            bed.OccupyWorker();
        }

        MicroVirtualMachine answering = bed.Machine(echo, second);
        MicroVirtualMachine asking = bed.Machine(
            ping with { Traffic = new() { Limit = Packets, Patience = MachineBed.Patience } }, first);
        MachineBed.AssertEnded(asking);
        Assert.Equal((Packets, 0), (asking.Counters.Packets, asking.Counters.Lost));
        return (asking, answering);
    }
}
