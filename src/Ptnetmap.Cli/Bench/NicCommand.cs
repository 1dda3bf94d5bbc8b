using System.CommandLine;
using System.CommandLine.Parsing;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Memory;

namespace Ptnetmap.Cli.Bench;

/// <summary><c>ptnet bench nic</c>.</summary>
internal static class NicCommand
{
    private const string Lesson =
        """
        --veth makes two network namespaces with a veth pair between them (as root; nothing else is touched, nothing stays)
        and sends from a guest on one interface to a guest on the other, both by AF_XDP. veth's driver has no zero-copy, so
        the kernel copies each frame and most of the time is the kernel's; mode says what was got. What does not arrive is
        told by place and counter (those of ptnet port show): received and lost are together what was sent, frame by frame.

        --veth --switch makes the second interface the uplink of a VALE switch with two guests, each in a region of its
        own. --direction rx: the first interface sends to the guests in turn; tx: both guests send to it. Below what the
        machine can do nothing is lost (try --rate); beyond it the first ring that is full drops: rx_ring_full and
        rx_dropped say that the uplink's worker is behind, no_space at the uplink that a guest is, no_space at a guest
        that the uplink does not get rid of it.

        --between LEFT,RIGHT sends from one interface that is there to another, with a wire between them. They are up, have
        as many queues as --rings says, and nobody else needs them meanwhile: all that they receive goes to the bench.

        --stub takes kernel and wire out: every frame is taken at once (--direction tx), or there is one for every buffer
        that the queue is lent (rx). What remains is our part: the guest, its rings, the queue's rings.

        Examples:
          ptnet bench nic --veth                               what a NIC without zero-copy gives
          ptnet bench nic --veth --guests vm                   the same port passed through to a micro-VM
          ptnet bench nic --veth --frame 1500 --mode generic
          ptnet bench nic --veth --switch --direction rx       from the wire to two micro-VMs, as fast as it goes
          ptnet bench nic --veth --switch --direction rx --rate 100k --verify
          ptnet bench nic --between eth0,eth1 --mode zero-copy --rate 100k --verify
          ptnet bench nic --stub --direction rx --json - | jq .mpps
        """;

    private static readonly Option<bool> Veth = Choice.Flag("--veth",
        "Over a veth pair between two namespaces of its own (as root).");

    private static readonly Option<string?> Between = new("--between")
    {
        Description = "Over two interfaces with a wire between them (as root).",
        HelpName = "LEFT,RIGHT",
    };

    private static readonly Option<bool> Stub = Choice.Flag("--stub", "With neither kernel nor wire behind the port.");

    private static readonly Option<bool> Uplink = Choice.Flag(
        "--switch", "With --veth: the second interface is the uplink of a switch with two guests.");

    private static readonly Option<string> Way = Choice.Word(
        "--direction", "With --stub and --switch: out of the guests, or into them.", "tx", "tx", "rx");

    private static readonly Option<string> Mode = Choice.Word(
        "--mode", "The only mode of a NIC that will do; auto: the best that there is.", "auto",
            SettingTables.Host.WordsOf("mode"));

    private static readonly Option<long> BusyPoll = Choice.Whole(
        "--busy-poll", "US", "Microseconds that a call polls the device, at most; 0 goes by interrupts.",
        SettingTables.Host.LimitsOf("busy_poll"), 0);

    private static readonly Option<long> BufferSize = Choice.Whole(
        "--buffer-size", "BYTES", "Bytes of a buffer. Default: what the frame needs.",
        RegionLayout.MinBufferSize, RegionLayout.MaxBufferSize);

    internal static Command Create()
    {
        var options = new BenchOptions();
        options.Guests.DefaultValueFactory = _ => "thread";
        var command = new TeachingCommand("nic", "Packets a second through NIC ports (AF_XDP)", Lesson)
        {
            Veth, Between, Stub, Uplink, Way, Mode, BusyPoll, BufferSize, options.Guests, options.Frame, options.Slots,
                options.Burst,
            options.Rings, options.Rate, options.Packets, options.Verify, options.Seconds, options.Runs, options.Policy,
            options.GuestSpin, options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.Validators.Add(result => Check(result, options));
        command.SetAction(parsed => Run(parsed, options));
        return command;
    }

    private static int Run(ParseResult parsed, BenchOptions options)
    {
        string[]? ends = parsed.GetValue(Between)?.Split(',');
        Via via = ends is not null ? Via.Wire
            : parsed.GetValue(Stub) ? Via.Stub
            : parsed.GetValue(Uplink) ? Via.Uplink
            : Via.Veth;
        Direction way = string.Equals(parsed.GetValue(Way), "rx", StringComparison.Ordinal) ? Direction.Rx
            : Direction.Tx;
        long buffer = parsed.GetValue(BufferSize);
        BedSettings settings = options.ReadSettings(parsed) with
        {
            Via = via,
            Direction = via is Via.Veth or Via.Wire ? null : way,
            BufferSize = buffer == 0 ? null : (int)buffer,
        };
        NicOptions nic = new()
        {
            Interface = "",
            Queues = settings.Rings,
            Wanted = ModeOf(parsed.GetValue(Mode)),
            BusyPoll = (int)parsed.GetValue(BusyPoll),
        };
        return BenchAction.Run("nic", settings, options, parsed, via switch
        {
            Via.Stub => bed => NicLayouts.Stub(bed, way),
            Via.Uplink => bed => NicLayouts.Switch(bed, way, nic),
            Via.Wire => bed => NicLayouts.Wire(bed, nic, ends![0], ends[1]),
            _ => bed => NicLayouts.Veth(bed, nic),
        });
    }

    private static void Check(CommandResult result, BenchOptions options)
    {
        string? between = result.GetValue(Between);
        bool isStub = result.GetValue(Stub);
        if ((result.GetValue(Veth) ? 1 : 0) + (isStub ? 1 : 0) + (between is null ? 0 : 1) != 1)
        {
            result.AddError("name one of --veth, --between and --stub");
        }
        else if (between is not null && !AreTwo(between.Split(',')))
        {
            result.AddError($"--between {between}: expected two interfaces, as in eth0,eth1");
        }
        else if (result.GetValue(Uplink) && !result.GetValue(Veth))
        {
            result.AddError("--switch goes with --veth");
        }
        else if (isStub && (result.GetValue(options.Verify) || result.GetValue(options.Rings) > 1))
        {
            result.AddError("--stub has one queue, and no frames to verify: leave out --verify and --rings");
        }
    }

    private static bool AreTwo(string[] ends) =>
        ends is [{ Length: > 0 } left, { Length: > 0 } right] && !string.Equals(left, right, StringComparison.Ordinal);

    private static NicMode? ModeOf(string? word) => word switch
    {
        "zero-copy" => NicMode.ZeroCopy,
        "copy" => NicMode.Copy,
        "generic" => NicMode.Generic,
        _ => null,
    };
}
