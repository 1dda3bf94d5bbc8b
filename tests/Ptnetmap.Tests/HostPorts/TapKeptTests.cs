using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Tests.Daemon;
using Ptnetmap.Tests.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>TAP interfaces that were there before a port: they stay, as they were.</summary>
public sealed class TapKeptTests
{
    private static readonly TapPortOptions Plain = new() { Interface = "ptap0", Slots = 128 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_persistent_interface_is_as_before_when_the_port_is_closed(bool isSet) => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap", "pi");
        OwnNetwork.Ip("link", "set", "ptap0", "mtu", "1400");
        LinkInfo before = Read();
        TapPortOptions options = isSet ? Plain with { Mtu = 9000, Mac = MacAddress.Read(TapBed.KernelMac) } : Plain;
        using (var bed = new TapBed(options))
        {
            bed.Port.SetVnetHeaderLength(VnetHeader.Length);
            Assert.Equal((true, true, false),
                (Read().IsUp, Read().Tap!.HasVnetHeader, Read().Tap!.HasPacketInformation));
            Assert.Equal(isSet ? 9000 : 1400, Read().Mtu);
        }

        AssertSame(before);
        using var next = TapDevice.Create("ptap0");
        Assert.Equal(10, next.HeaderLengthBefore);
    });

    [Fact]
    public void One_that_is_up_and_has_several_queues_stays_so() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap", "multi_queue");
        OwnNetwork.Ip("link", "set", "ptap0", "up");
        LinkInfo before = Read();
        new TapBed(Plain).Dispose();
        AssertSame(before);
        new TapBed(Plain with { Queues = 2, Persistent = true }).Dispose();
        AssertSame(before);
        Assert.Equal("", Read().Alias);
    });

    [Fact]
    public void What_is_changed_by_somebody_else_meanwhile_stays_theirs() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap");
        using (new TapBed(Plain with { Mtu = 9000 }))
        {
            OwnNetwork.Ip("link", "set", "ptap0", "mtu", "1200");
        }

        Assert.Equal(1200, Read().Mtu);
    });

    [Fact]
    public void Another_programs_queue_and_one_queue_for_many_are_refused_and_nothing_changes() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap");
        LinkInfo before = Read();
        var many = Assert.Throws<LinuxException>(() => new TapBed(Plain with { Queues = 2 }).Dispose());
        Assert.Contains("multi_queue", many.Message, StringComparison.Ordinal);
        AssertSame(before);
        using TapDevice other = TapDevice.Create("ptap1", new TapOptions { MultiQueue = true });
        var used = Assert.Throws<LinuxException>(() => new TapBed(Plain with { Interface = "ptap1" }).Dispose());
        Assert.Contains("in use", used.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void What_a_killed_process_left_is_undone_by_the_next() => OwnNetwork.Run(() =>
    {
        using var folder = new TemporaryFolder();
        string file = folder["changes"];
        OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap", "pi");
        LinkInfo before = Read();
        TapPortOptions options = Plain with { Mtu = 9000, Mac = MacAddress.Read(TapBed.KernelMac) };
        string[] noted;
        using (var supervisor = new NicSupervisor())
        using (new TapBed(options, supervisor, new NicLedger(file)))
        {
            noted = File.ReadAllLines(file);
        }

        Assert.False(File.Exists(file));

        // As after a kill: nothing was undone, and the interface has another name since.
        TapBed.AwaitFree();
        TapDevice.Create("ptap0", new TapOptions { VnetHeader = true }).Dispose();
        OwnNetwork.Ip("link", "set", "ptap0", "mtu", "9000", "address", "02:00:00:00:00:02");
        OwnNetwork.Ip("link", "set", "ptap0", "name", "other", "up");
        File.WriteAllLines(file, noted);
        Assert.Equal(1, new NicLedger(file).Recover());
        AssertSame(before, "other");

        // Another interface that has the number now is none of ours.
        OwnNetwork.Ip("link", "del", "other");
        OwnNetwork.Ip("link", "add", "name", "innocent", "index", $"{before.Index}", "mtu", "9000", "type", "veth",
            "peer", "name", "its-peer");
        File.WriteAllLines(file, noted);
        Assert.Equal(0, new NicLedger(file).Recover());
        Assert.Equal(9000, Read("innocent").Mtu);
    });

    [Fact]
    public void What_a_killed_process_left_in_an_interface_that_was_moved_since_is_undone_there() =>
        OwnNetwork.Run(() =>
        {
            using var folder = new TemporaryFolder();
            using var target = new NamedNamespace();
            string file = folder["changes"];
            OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap", "pi");
            string[] noted;
            using (var supervisor = new NicSupervisor())
            using (new TapBed(Plain with { Mtu = 9000 }, supervisor, new NicLedger(file)))
            {
                noted = File.ReadAllLines(file);
            }

            // As after a kill. Its name and number are another's now.
            LinkInfo before = Read();
            OwnNetwork.Ip("link", "set", "ptap0", "mtu", "9000");
            OwnNetwork.Ip("link", "set", "ptap0", "netns", target.Name);
            OwnNetwork.Ip("link", "add", "name", "innocent", "index", $"{before.Index}", "mtu", "9000", "type", "veth",
                "peer", "name", "its-peer");
            File.WriteAllLines(file, noted);
            Assert.Equal(1, new NicLedger(file).Recover());
            Assert.Equal(9000, Read("innocent").Mtu);
            target.Run(() => Assert.Equal(before.Mtu, Read().Mtu));
        });

    [Fact]
    public void What_cannot_be_undone_now_is_noted_still_and_undone_another_time() => OwnNetwork.Run(() =>
    {
        using var folder = new TemporaryFolder();
        string file = folder["changes"];
        OwnNetwork.Ip("tuntap", "add", "dev", "ptap0", "mode", "tap", "pi");
        LinkInfo before = Read();
        string[] noted;
        using (var supervisor = new NicSupervisor())
        using (new TapBed(Plain, supervisor, new NicLedger(file)))
        {
            noted = File.ReadAllLines(file);
        }

        TapBed.AwaitFree();
        File.WriteAllLines(file, noted);
        using (TapDevice.Create("ptap0", new TapOptions { VnetHeader = true }))
        {
            var ledger = new NicLedger(file);
            Assert.Equal(0, ledger.Recover());
            Assert.StartsWith("ptap0: ", Assert.Single(ledger.Refusals), StringComparison.Ordinal);
            Assert.Equal(noted, File.ReadAllLines(file));

            // What is changed and undone meanwhile leaves them there.
            var change = new ReceivedTagsChange("eth0", null, new InterfaceIdentity(1, null));
            ledger.Add(change);
            Assert.Equal([change.ToString(), .. noted], File.ReadAllLines(file));
            ledger.Remove(change);
            Assert.Equal(noted, File.ReadAllLines(file));
        }

        Assert.Equal(1, new NicLedger(file).Recover());
        Assert.False(File.Exists(file));
        AssertSame(before);
    });

    private static LinkInfo Read(string name = "ptap0")
    {
        using var links = new Links();
        return links.TryGet(name) ?? throw new InvalidOperationException($"{name} is gone");
    }

    private static void AssertSame(LinkInfo before, string name = "ptap0")
    {
        TapBed.AwaitFree(name);
        LinkInfo now = Read(name);
        Assert.Equal((before.Index, before.Mtu, before.IsUp, before.Mac), (now.Index, now.Mtu, now.IsUp, now.Mac));
        Assert.Equal(before.Tap, now.Tap);
    }
}
