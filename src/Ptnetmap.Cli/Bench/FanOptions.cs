using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Cli.Bench;

/// <summary>The options of <c>bench v2v</c> for senders and receivers that do not come in pairs, and for ports beside
/// them. They are a switch's: with one of them <c>--via</c> is vale.</summary>
/// <param name="options">The other options.</param>
internal sealed class FanOptions(BenchOptions options)
{
    private const int MostSenders = 64;
    private const int MostIdle = 250;
    private const long UsualSlowRate = 1000;

    internal Option<long> Senders { get; } = Choice.Whole(
        "--senders", "N", "vale: guests that send, each to all receivers in turn; in place of --pairs.", 1,
        MostSenders);

    internal Option<long> Receivers { get; } = Choice.Whole(
        "--receivers", "N", "vale: guests that receive from all senders; in place of --pairs.", 1, MostSenders);

    internal Option<long> Turn { get; } = Choice.Whole(
        "--turn", "N", "Frames in a row from a sender to one receiver before the next one's turn. Default: 1.", 1,
        NetmapAbi.MaxSlots);

    internal Option<bool> Broadcast { get; } = Choice.Flag(
        "--broadcast", "vale: one sender, and every receiver gets a copy of each frame (ff:ff:ff:ff:ff:ff).");

    internal Option<long> Stalled { get; } = Choice.Whole(
        "--stalled-receivers", "N", "vale: further receivers that never read.", 0, MostSenders);

    internal Option<long> Slow { get; } = Choice.Whole(
        "--slow-receivers", "N", "vale: further receivers that read --slow-rate frames a second.", 0, MostSenders);

    internal Option<long> SlowRate { get; } = Choice.Whole(
        "--slow-rate", "PPS", "Frames a second that a slow receiver reads. Default: 1000.", 1, 10_000_000);

    internal Option<long> IdlePorts { get; } = Choice.Whole(
        "--idle-ports", "N",
        $"vale: further ports of the switch ({BedSettings.IdleSlots} slots), each with a guest that sleeps.", 0,
        MostIdle);

    private Option[] Fans => [Senders, Receivers, Turn, Broadcast, Stalled, Slow, SlowRate];

    /// <summary>Adds all of them to a command.</summary>
    internal Command AddTo(Command command)
    {
        Array.ForEach([.. Fans, IdlePorts], command.Options.Add);
        return command;
    }

    /// <summary>What they make of the settings that the other options say.</summary>
    /// <exception cref="UsageException">Some do not go together.</exception>
    internal BedSettings Read(ParseResult parsed)
    {
        BedSettings settings = options.ReadSettings(parsed);
        Option? fanned = Fans.FirstOrDefault(option => IsGiven(parsed, option));
        bool idle = parsed.GetValue(IdlePorts) > 0;
        if ((fanned ?? (idle ? IdlePorts : null)) is not { } first)
        {
            return settings;
        }

        if (IsGiven(parsed, options.Via) && settings.Via != Via.Vale)
        {
            throw new UsageException($"{first.Name} goes with --via vale: a pipe has two ends");
        }

        settings = settings with
        {
            Via = Via.Vale,
            Fan = fanned is null ? null : FanOf(parsed, fanned),
            IdlePorts = (int)parsed.GetValue(IdlePorts),
        };
        RequireRoom(settings);
        RequireGuests(settings);
        return settings;
    }

    private FanSettings FanOf(ParseResult parsed, Option fanned)
    {
        foreach (Option pairs in (Option[])[options.Pairs, options.BothWays])
        {
            if (IsGiven(parsed, pairs))
            {
                throw new UsageException(
                    $"{pairs.Name} goes with pairs, where each end has one partner; {fanned.Name} does without pairs");
            }
        }

        var fan = new FanSettings
        {
            Senders = (int)Math.Max(1, parsed.GetValue(Senders)),
            Receivers = (int)Math.Max(1, parsed.GetValue(Receivers)),
            Turn = (int)Math.Max(1, parsed.GetValue(Turn)),
            Broadcast = parsed.GetValue(Broadcast),
            Stalled = (int)parsed.GetValue(Stalled),
            Slow = (int)parsed.GetValue(Slow),
            SlowRate = parsed.GetValue(SlowRate) is > 0 and var rate ? rate : UsualSlowRate,
        };
        return (fan, IsGiven(parsed, Turn), IsGiven(parsed, SlowRate)) switch
        {
            ({ Broadcast: true, Senders: > 1 }, _, _) =>
                throw new UsageException($"--broadcast has one sender, not {fan.Senders} (option --senders)"),
            ({ Broadcast: true }, true, _) =>
                throw new UsageException("--turn goes without --broadcast: each frame goes to all receivers at once"),
            ({ Destinations: 1 }, true, _) =>
                throw new UsageException("--turn goes with several receivers (option --receivers)"),
            ({ Slow: 0 }, _, true) => throw new UsageException("--slow-rate goes with --slow-receivers"),
            _ => fan,
        };
    }

    private static void RequireRoom(BedSettings settings)
    {
        int ports = (settings.Fan?.Guests ?? (2 * settings.Pairs)) + settings.IdlePorts;
        if (ports > ValeSwitch.MaxPorts)
        {
            throw new UsageException(
                $"these are {ports} ports, and a switch has at most {ValeSwitch.MaxPorts}: " +
                "fewer --senders, --receivers, --pairs or --idle-ports");
        }

        if (settings is { Fan.Broadcast: true, IdlePorts: > 0 })
        {
            throw new UsageException("--idle-ports goes without --broadcast: a broadcast goes to every port");
        }
    }

    // What guests of each kind can do of it.
    private static void RequireGuests(BedSettings settings)
    {
        if (settings is { Verify: true, Fan.Senders: > 1 } && settings.Guests != GuestKind.Thread)
        {
            throw new UsageException(
                "--verify with several --senders goes with --guests thread: other guests check one sender's stream");
        }

        if (settings.Guests != GuestKind.Qemu)
        {
            return;
        }

        string? unable = settings switch
        {
            { IdlePorts: > 0 } => "--idle-ports goes",
            { Fan: { Stalled: > 0 } or { Slow: > 0 } } => "--stalled-receivers and --slow-receivers go",
            { Fan: { Destinations: > 1, Broadcast: false } } => "--receivers of more than one goes",
            _ => null,
        };
        if (unable is not null)
        {
            throw new UsageException($"{unable} with --guests thread and vm");
        }
    }

    private static bool IsGiven(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };
}
