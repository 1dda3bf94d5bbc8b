using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary>The options of a port whose other side is the host's kernel or a file.</summary>
internal sealed class HostOptions
{
    private readonly Option<string?> _netns = new("--netns")
    {
        Description = "Network namespace that the interface is in, or is made in (TAP). Default: the daemon's.",
        HelpName = "NAME|PATH",
    };

    private readonly Option<string?> _interface = new("--interface")
    {
        Description = "The interface's name where the port's is another: br-1, or one that another namespace has too.",
        HelpName = "NAME",
    };

    private readonly Option<long> _mtu = Choice.Whole("--mtu", "BYTES", "TAP: the interface's MTU. Default: as the kernel has it.", "mtu");

    private readonly Option<string?> _mac = new("--tap-mac")
    {
        Description = "TAP: the MAC address of the kernel's side. Default: the kernel chooses.",
        HelpName = "ADDRESS",
    };

    private readonly Option<bool> _persistent = Choice.Flag("--persistent", "TAP: the interface stays when the port is closed.");

    private readonly Option<string> _mode = Choice.Word(
        "--mode", "NICs: the only mode that will do; auto: the best that there is.", "auto", [.. Names.NicModes]);

    private readonly Option<string?> _filter = new("--filter")
    {
        Description = "NICs: frames that come to the port; the others go to the kernel. A list of mac=, vlan=, ethertype=, protocol=, udp=, tcp=.",
        HelpName = "KEY=VALUE,...",
    };

    private readonly Option<long> _busyPoll = Choice.Whole(
        "--busy-poll", "US", "NICs: the kernel polls the device so long when it is asked for frames; 0: interrupts.", "busy_poll", 0);

    private readonly Option<string> _checksums = Choice.Word(
        "--checksums", "NICs: complete checksums that a sender's kernel left undone; auto: where the interface may bring such frames.",
        "auto", [.. Names.Checksums]);

    private readonly Option<bool> _promiscuous = Choice.Flag(
        "--promiscuous", "NICs: receive frames for every address. One that is attached to a switch does anyway.");

    private readonly Option<bool> _recordedTimes = Choice.Flag(
        "--recorded-times", "Captures: replay at the distances at which frames were captured, not as fast as they are taken.");

    private readonly Option<long> _loops = Choice.Whole(
        "--loops", "N", "Captures: how often to replay; 0: for ever.", "loops", 1);

    /// <summary>All of them.</summary>
    internal Symbol[] All => [_netns, _interface, _mtu, _mac, _persistent, _mode, _filter, _busyPoll, _checksums, _promiscuous, _recordedTimes, _loops];

    /// <summary>What they say; null when none is given.</summary>
    internal HostSettings? Read(ParseResult parsed) => !All.Any(option => IsGiven(parsed, option)) ? null : new HostSettings
    {
        Netns = parsed.GetValue(_netns),
        Interface = parsed.GetValue(_interface),
        Mtu = parsed.GetValue(_mtu) is > 0 and var mtu ? (int)mtu : null,
        Mac = parsed.GetValue(_mac),
        Persistent = parsed.GetValue(_persistent),
        Mode = parsed.GetValue(_mode)!,
        Filter = parsed.GetValue(_filter),
        BusyPoll = (int)parsed.GetValue(_busyPoll),
        Checksums = parsed.GetValue(_checksums)!,
        Promiscuous = parsed.GetValue(_promiscuous),
        RecordedTimes = parsed.GetValue(_recordedTimes),
        Loops = parsed.GetValue(_loops),
    };

    private static bool IsGiven(ParseResult parsed, Symbol option) => parsed.GetResult((Option)option) is { Implicit: false };
}
