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
        the kernel copies each frame and most of the time is the kernel's; mode says what was got. What the
        receiver's queue had no room for is lost in the kernel, and lost counts it.

        --stub takes kernel and wire out: every frame is taken at once (--direction tx), or there is one for every buffer
        that the queue is lent (rx). What remains is our part: the guest, its rings, the queue's rings.

        Examples:
          ptnet bench nic --veth                               what a NIC without zero-copy gives
          ptnet bench nic --veth --guests vm                   the same port passed through to a micro-VM
          ptnet bench nic --veth --frame 1500 --mode generic
          ptnet bench nic --stub --direction rx --json - | jq .mpps
        """;

    /// <summary>Builds the command.</summary>
    internal static Command Create()
    {
        var options = new BenchOptions();
        options.Guests.DefaultValueFactory = _ => "thread";
        Option<bool> veth = Choice.Flag("--veth", "Over a veth pair between two namespaces of its own (as root).");
        Option<bool> stub = Choice.Flag("--stub", "With neither kernel nor wire behind the port.");
        Option<string> direction = Choice.Word("--direction", "With --stub: out of the guest, or into it.", "tx", "tx", "rx");
        Option<string> mode = Choice.Word(
            "--mode", "With --veth: the only mode that will do; auto: the best that there is.", "auto", "auto", "zero-copy", "copy", "generic");
        var command = new TeachingCommand("nic", "Packets a second through NIC ports (AF_XDP)", Lesson)
        {
            veth, stub, direction, mode, options.Guests, options.Frame, options.Slots, options.Burst, options.Rings, options.Rate,
            options.Packets, options.Verify, options.Seconds, options.Runs, options.Policy, options.GuestSpin,
            options.Workers, options.Pin, options.HugePages, options.Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(veth) == result.GetValue(stub))
            {
                result.AddError("name one of --veth and --stub");
            }
            else if (result.GetValue(stub) && (result.GetValue(options.Verify) || result.GetValue(options.Rings) > 1))
            {
                result.AddError("--stub has one queue, and no frames to verify: leave out --verify and --rings");
            }
        });
        command.SetAction(parsed =>
        {
            bool isStub = parsed.GetValue(stub);
            BedSettings settings = options.ReadSettings(parsed) with { Via = isStub ? Via.Stub : Via.Veth };
            Direction way = string.Equals(parsed.GetValue(direction), "rx", StringComparison.Ordinal) ? Direction.Rx : Direction.Tx;
            return BenchAction.Run("nic", settings, options, parsed, isStub
                ? bed => NicLayouts.Stub(bed, way)
                : bed => NicLayouts.Veth(bed, ModeOf(parsed.GetValue(mode))));
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
