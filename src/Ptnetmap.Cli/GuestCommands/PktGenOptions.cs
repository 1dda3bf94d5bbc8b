using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>What <c>ptnet guest pkt-gen</c> is told.</summary>
internal sealed class PktGenOptions
{
    private static readonly string[] Modes = ["tx", "rx", "ping", "echo"];

    internal PktGenOptions(GuestOptions shared)
    {
        Shared = shared;
        Mode.AcceptOnlyFromAmong(Modes);
    }

    internal GuestOptions Shared { get; }

    internal Argument<string> Mode { get; } = new("MODE") { Description = "tx, rx, ping or echo." };

    internal Option<long> Frame { get; } = Choice.Whole(
        "--frame", "BYTES", "Bytes of a frame, without Ethernet's checksum.", SettingTables.Guest.LimitsOf("frame"),
            60);

    internal Option<long> Rate { get; } = Choice.Whole(
        "--rate", "PPS", "Packets a second; 0 as fast as it goes.", SettingTables.Guest.LimitsOf("rate"), 0);

    internal Option<long> Count { get; } = Choice.Whole(
        "--count", "N", "Stop after so many packets; 0 goes on.", SettingTables.Guest.LimitsOf("packets"), 0);

    internal Option<long> Burst { get; } = Choice.Whole(
        "--burst", "N", "Slots filled between two publications, at most.", 1, NetmapAbi.MaxSlots, 256);

    internal Option<bool> Verify { get; } = Choice.Flag("--verify",
        "rx: check each frame's sequence number and checksum.");

    internal Option<MacAddress?> Source { get; } = Mac("--src", "Source address. Default: the port's.");

    internal Option<MacAddress?> Destination { get; } = Mac("--dst",
        "Destination address. Default: 02:00:00:00:00:02.");

    internal TrafficSpec ReadTraffic(ParseResult parsed, MacAddress portAddress) => new()
    {
        FrameLength = (int)parsed.GetValue(Frame),
        Source = parsed.GetValue(Source) ?? portAddress,
        Destination = parsed.GetValue(Destination) ?? MacAddress.Local(2),
        Rate = parsed.GetValue(Rate),
        Limit = parsed.GetValue(Count),
        Burst = (int)parsed.GetValue(Burst),
    };

    internal ReceiverOptions ReadReceiver(ParseResult parsed) =>
        new() { Verify = parsed.GetValue(Verify), Limit = parsed.GetValue(Count) };

    private static Option<MacAddress?> Mac(string name, string what) => new(name)
    {
        Description = what,
        HelpName = "MAC",
        CustomParser = argument =>
        {
            string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
            if (MacAddress.TryParse(text, out MacAddress address, fewestDigits: 1))
            {
                return address;
            }

            argument.AddError($"{name} {text}: expected a MAC address as in 02:00:00:00:00:02");
            return null;
        },
    };
}
