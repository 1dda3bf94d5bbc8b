using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>What a killed process has noted of its changes in NICs.</summary>
public sealed class NicLedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-nics-");

    private string File => Path.Combine(_folder.FullName, "nic-changes");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_a_file_there_is_nothing_to_undo() => Assert.Equal(0, new NicLedger(File).Recover());

    [Theory]
    [InlineData("rule nosuchnic0 - 15 0 mac=52:54:00:12:34:56")]
    [InlineData("rule nosuchnic0 nosuchspace 15 0 udp=53")]
    [InlineData("rule lo - 15 0 udp=53")]
    [InlineData("rule lo - 15 0 nonsense")]
    [InlineData("rule lo - -1 0 udp=53")]
    [InlineData("rule a_name_that_is_too_long_for_an_interface - 1 0 udp=53")]
    [InlineData("rule ../etc - 1 0 protocol=1")]
    [InlineData("rxvlan nosuchnic0 - 1")]
    [InlineData("rxvlan lo - 99999")]
    [InlineData("rxvlan lo - x")]
    [InlineData("rxvlan lo nosuchspace 1")]
    [InlineData("rxvlan a_name_that_is_too_long_for_an_interface - 1")]
    [InlineData("mtu lo - 1")]
    [InlineData("rule")]
    [InlineData("lo")]
    [InlineData("")]
    public void Lines_that_lead_to_nothing_are_dropped_with_the_file(string line)
    {
        System.IO.File.WriteAllLines(File, [line]);
        System.IO.File.WriteAllText(File + ".new", "half a li");
        Assert.Equal(0, new NicLedger(File).Recover());
        Assert.Empty(_folder.GetFiles());
    }

    [Theory]
    [InlineData(null, "rxvlan eth0 - 7")]
    [InlineData("blue", "rxvlan eth0 blue 7")]
    [InlineData("-", "rxvlan eth0 %2D 7")]
    [InlineData("a b - c", "rxvlan eth0 a%20b%20-%20c 7")]
    [InlineData("%20\n", "rxvlan eth0 %2520%0A 7")]
    public void Whatever_a_namespace_is_called_its_note_is_read_as_it_was_written(string? space, string line)
    {
        var change = new ReceivedTagsChange("eth0", space, new InterfaceIdentity(7, null));
        Assert.Equal(line, change.ToString());
        Assert.Equal(change, NicChange.Parse(line));
        var known = new InterfaceIdentity(7, MacAddress.Local(1));
        Assert.Equal(change with { Identity = known }, NicChange.Parse($"{line} 020000000001"));
        var rule = new FlowRuleChange("eth0", space, known, 15, 0, "udp=53");
        Assert.Equal(rule, NicChange.Parse(rule.ToString()));
        Assert.Equal(rule with { Identity = null }, NicChange.Parse((rule with { Identity = null }).ToString()));
    }

    [Fact]
    public void A_driver_takes_tags_out_again_when_the_process_that_stopped_it_was_killed()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        using EthtoolDevice device = Device(bed);
        string[] noted = Hold(bed, () => System.IO.File.ReadAllLines(File));
        string space = bed.Options("right", bed.Veth.RightSpace).Namespace!;
        string mac = Convert.ToHexString(bed.Veth.RightLinks.TryGet(bed.Veth.Right)!.Mac!.Value.ToBytes());
        Assert.Equal([$"rxvlan right {space} {bed.Veth.Right} {mac}"], noted);

        // Undone, and forgotten.
        Assert.Equal(VlanOffloads.Both, device.TryReadVlanOffloads());
        Assert.Empty(_folder.GetFiles());

        // Not undone: as after a kill.
        device.SetVlanOffloads(VlanOffloads.Transmit);
        System.IO.File.WriteAllLines(File, noted);
        Assert.Equal(1, new NicLedger(File).Recover());
        Assert.Equal(VlanOffloads.Both, device.TryReadVlanOffloads());

        // Somebody has undone it; and another interface of that name is left as it is.
        System.IO.File.WriteAllLines(File, noted);
        Assert.Equal(0, new NicLedger(File).Recover());
        device.SetVlanOffloads(VlanOffloads.Transmit);
        System.IO.File.WriteAllLines(File, [$"rxvlan right {space} {bed.Veth.Right + 1000}"]);
        Assert.Equal(0, new NicLedger(File).Recover());
        Assert.Equal(VlanOffloads.Transmit, device.TryReadVlanOffloads());
    }

    [Fact]
    public void What_was_changed_is_undone_though_somebody_has_removed_the_notes()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        using EthtoolDevice device = Device(bed);
        _ = Hold(bed, () =>
        {
            _folder.Delete(recursive: true);
            return device.TryReadVlanOffloads();
        });
        Assert.Equal(VlanOffloads.Both, device.TryReadVlanOffloads());
        _folder.Create();
    }

    [Fact]
    public void A_driver_that_leaves_tags_by_itself_is_noted_nowhere()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        using EthtoolDevice device = Device(bed);
        bed.Supervisor.Remove(bed.RightLink);
        device.SetVlanOffloads(VlanOffloads.None);
        Assert.Empty(Hold(bed, _folder.GetFiles));
    }

    [Fact]
    public void What_was_changed_is_undone_from_memory_when_somebody_has_removed_the_folder()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        using EthtoolDevice device = Device(bed);
        Assert.Equal(VlanOffloads.Transmit, Hold(bed, () =>
        {
            _folder.Delete(recursive: true);
            return device.TryReadVlanOffloads();
        }));
        Assert.Equal(VlanOffloads.Both, device.TryReadVlanOffloads());

        // And a port that is added now works, without notes.
        Assert.Equal(VlanOffloads.Transmit, Hold(bed, device.TryReadVlanOffloads));
        Assert.Equal(VlanOffloads.Both, device.TryReadVlanOffloads());
        _folder.Create();
    }

    [Fact]
    public void An_interface_that_was_renamed_is_found_and_one_that_has_its_name_now_is_left_as_it_is()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 64);
        string[] noted = Hold(bed, () => System.IO.File.ReadAllLines(File));
        bed.Supervisor.Remove(bed.LeftLink);
        bed.Veth.RightLinks.Rename(bed.Veth.Right, "renamed");
        bed.Veth.RightLinks.CreateVeth("right", "peer");
        using EthtoolDevice sameName = Device(bed);
        using EthtoolDevice own = bed.Veth.RightSpace.Run(() => new EthtoolDevice("renamed"));
        sameName.SetVlanOffloads(VlanOffloads.None);
        own.SetVlanOffloads(VlanOffloads.Transmit);
        System.IO.File.WriteAllLines(File, noted);
        Assert.Equal(1, new NicLedger(File).Recover());
        Assert.Equal((VlanOffloads.None, VlanOffloads.Both),
            (sameName.TryReadVlanOffloads(), own.TryReadVlanOffloads()));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void An_interface_that_was_moved_is_found_and_one_that_has_its_name_and_number_now_is_left_as_it_is()
    {
        Needs.Xdp();
        using var target = new NamedNamespace();
        using var bed = new VethBed(slots: 64);
        string[] noted = Hold(bed, () => System.IO.File.ReadAllLines(File));
        bed.Supervisor.Remove(bed.LeftLink);
        using (NetworkNamespace space = target.Open())
        {
            bed.Veth.RightLinks.Move(bed.Veth.Right, space);
        }

        bed.Veth.RightLinks.CreateVeth("right", "peer", index: bed.Veth.Right);
        Assert.Equal(bed.Veth.Right, bed.Veth.RightLinks.TryGet("right")!.Index);
        using EthtoolDevice innocent = Device(bed);
        using EthtoolDevice own = target.Run(() => new EthtoolDevice("right"));
        innocent.SetVlanOffloads(VlanOffloads.None);
        own.SetVlanOffloads(VlanOffloads.Transmit);
        System.IO.File.WriteAllLines(File, noted);
        Assert.Equal(1, new NicLedger(File).Recover());
        Assert.Equal((VlanOffloads.None, VlanOffloads.Both),
            (innocent.TryReadVlanOffloads(), own.TryReadVlanOffloads()));
    }

    private static EthtoolDevice Device(VethBed bed) => bed.Veth.RightSpace.Run(() => new EthtoolDevice("right"));

    // Looks while the right port has its interface, with changes noted in the file.
    private T Hold<T>(VethBed bed, Func<T> look)
    {
        bed.Supervisor.Remove(bed.RightLink);
        using var supervisor = new NicSupervisor();
        NicLink link = supervisor.Add(
            new NicLink(bed.Right, bed.Options("right", bed.Veth.RightSpace),
                new InterfacePrograms(new NicLedger(File))));
        T seen = look();
        supervisor.Remove(link);
        return seen;
    }
}
