using System.CommandLine;
using Ptnetmap.Cli.Beds;
using Ptnetmap.Nic.Devices;

namespace Ptnetmap.Cli.CommandLine;

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

        --stub takes kernel and wire out: every frame is taken at once (--direction tx), or there is one for every buffer
        that the queue is lent (rx). What remains is our part: the guest, its rings, the queue's rings.

        Examples:
          ptnet bench nic --veth                               what a NIC without zero-copy gives
          ptnet bench nic --veth --guests vm                   the same port passed through to a micro-VM
          ptnet bench nic --veth --frame 1500 --mode generic
          ptnet bench nic --veth --switch --direction rx       from the wire to two micro-VMs, as fast as it goes
          ptnet bench nic --veth --switch --direction rx --rate 100k --verify
          ptnet bench nic --stub --direction rx --json - | jq .mpps
        """;

    /// <summary>Builds the command.</summary>
    internal static Command Create()
    {
        var options = new BenchOptions();
        options.Guests.DefaultValueFactory = _ => "thread";
        Option<bool> uplink = Choice.Flag("--switch", "With --veth: the second interface is the uplink of a switch with two guests.");
        Option<bool> veth = Choice.Flag("--veth", "Over a veth pair between two namespaces of its own (as root).");
        Option<bool> stub = Choice.Flag("--stub", "With neither kernel nor wire behind the port.");
        Option<string> direction = Choice.Word("--direction", "With --stub and --switch: out of the guests, or into them.", "tx", "tx", "rx");
        Option<string> mode = Choice.Word(
            "--mode", "With --veth: the only mode that will do; auto: the best that there is.", "auto", "auto", "zero-copy", "copy", "generic");
        var command = new TeachingCommand("nic", "Packets a second through NIC ports (AF_XDP)", Lesson)
        {
            veth, stub, uplink, direction, mode, options.Guests, options.Frame, options.Slots, options.Burst, options.Rings, options.Rate,
            options.Packets, options.Verify, options.Seconds, options.Runs, options.Policy, options.GuestSpin,
            options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(veth) == result.GetValue(stub))
            {
                result.AddError("name one of --veth and --stub");
            }
            else if (result.GetValue(stub) && result.GetValue(uplink))
            {
                result.AddError("--switch goes with --veth");
            }
            else if (result.GetValue(stub) && (result.GetValue(options.Verify) || result.GetValue(options.Rings) > 1))
            {
                result.AddError("--stub has one queue, and no frames to verify: leave out --verify and --rings");
            }
        });
        command.SetAction(parsed =>
        {
            bool isSwitch = parsed.GetValue(uplink);
            Via via = parsed.GetValue(stub) ? Via.Stub : isSwitch ? Via.Uplink : Via.Veth;
            Direction way = string.Equals(parsed.GetValue(direction), "rx", StringComparison.Ordinal) ? Direction.Rx : Direction.Tx;
            BedSettings settings = options.ReadSettings(parsed) with { Via = via, Direction = via == Via.Veth ? null : way };
            NicMode? wanted = ModeOf(parsed.GetValue(mode));
            return BenchAction.Run("nic", settings, options, parsed, via switch
            {
                Via.Stub => bed => NicLayouts.Stub(bed, way),
                Via.Uplink => bed => NicLayouts.Switch(bed, way, wanted),
                _ => bed => NicLayouts.Veth(bed, wanted),
            });
        });
        return command;
    }

    private static NicMode? ModeOf(string? word) => word switch
    {
        "zero-copy" => NicMode.ZeroCopy,
        "copy" => NicMode.Copy,
        "generic" => NicMode.Generic,
        _ => null,
    };
}
