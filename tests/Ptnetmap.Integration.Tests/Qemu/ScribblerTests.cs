using System.Globalization;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A machine whose program writes over rings, status blocks and registers, for PTNET_SCRIBBLE_SECONDS (10).
/// Another machine's pipe, and two threads', lose nothing meanwhile; and the switch's port can be used again
/// afterwards.</summary>
[Collection(VirtualMachines.Name)]
public sealed class ScribblerTests
{
    private const long SomePackets = 20_000;

    private static readonly double Seconds = double.TryParse(
        Environment.GetEnvironmentVariable("PTNET_SCRIBBLE_SECONDS"), CultureInfo.InvariantCulture,
        out double set) ? set : 10;

    private readonly string _seed = $"{Environment.TickCount}";

    [Fact]
    public async Task A_machine_that_scribbles_harms_nobody_else()
    {
        QemuTools tools = QemuTools.Need();
        using var host = new DeviceHost();
        using var bystander = new Bystander(host, region: 9);
        MemoryRegion honest = host.Region(1, ports: 2);
        MemoryRegion pipes = host.Region(2, ports: 2);
        MemoryRegion stranger = host.Region(3, ports: 1);
        (PipePort honestEnd, PipePort threadEnd) = host.Pipe(honest, "honest");
        (PipePort badEnd, PipePort badThread) = host.Pipe(pipes, "bad");
        ValePort badSwitchPort = host.SwitchPort(stranger, "bad");
        string[] good = [host.ServePort("honest", honestEnd, 1), host.ServeRegion("honest-region", honest)];
        string[] bad =
        [
            host.ServePort("bad-pipe", badEnd, 2), host.ServePort("bad-switch", badSwitchPort, 3, BarKind.Io),
            host.ServeRegion("bad-pipes", pipes), host.ServeRegion("bad-stranger", stranger),
        ];
        QemuVm[] both =
            await Task.WhenAll(QemuVm.StartAsync(tools, "honest", good), QemuVm.StartAsync(tools, "bad", bad));
        await using QemuVm one = both[0];
        await using QemuVm two = both[1];

        using HostGuest receiver = HostGuest.Receiver(host, threadEnd);
        await one.StartGuestAsync("tx", "pkt-gen tx");
        await receiver.MovesAsync(SomePackets);
        long before = receiver.Counters.Packets;
        string scribbled;

        // Who shares a region with the scribbler trusts it, and may fail; the host may not.
        using (HostGuest.Receiver(host, badThread))
        {
            scribbled = await two.MustAsync("/opt/peer/Ptnetmap.Peer scribble " +
                $"{Seconds.ToString(CultureInfo.InvariantCulture)} {_seed}", (int)Seconds + 180);
        }

        long during = receiver.Counters.Packets - before;
        long violations = badEnd.TxRings[0].Counters.Violations + badSwitchPort.TxRings[0].Counters.Violations;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Seconds} s, seed {_seed}: " +
            $"{scribbled}; refused pointers {violations}, refused messages {host.Observer.Refusals.Count}; " +
            $"frames meanwhile, none lost: {during}");
        await receiver.MovesAsync(SomePackets);
        await bystander.GoesOnAsync();
        long sent = (await one.StopGuestAsync("tx")).GetProperty("packets").GetInt64();
        await Eventually.TrueAsync(() => receiver.Counters.Packets == sent,
            () => $"{receiver.Counters.Packets} of {sent} received");
        receiver.CheckWhole();
        Assert.True(violations > 0, "no bad pointer was seen: did it scribble?");

        // The port that has its region for itself is mended when the next program opens it.
        _ = await two.GuestAsync($"pkt-gen tx --port 1 --count {SomePackets}");
    }
}
