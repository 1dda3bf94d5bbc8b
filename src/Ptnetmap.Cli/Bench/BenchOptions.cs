using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Cli.Bench;

/// <summary>The options that measurements share. A command adds those that mean something to it.</summary>
internal sealed class BenchOptions
{
    private const int MostPairs = 64;

    /// <summary>The word of <c>--guests</c> for Linux VMs.</summary>
    internal const string LinuxWord = "qemu";

    /// <summary>Makes them.</summary>
    /// <param name="linux">Guests may be Linux VMs.</param>
    internal BenchOptions(bool linux = false) => Guests = linux
        ? Choice.Word(
            "--guests", "Micro-VMs on KVM, threads, or Linux under QEMU; auto: micro-VMs where KVM runs them natively.",
                "auto",
            "auto", "vm", "thread", LinuxWord)
        : Choice.Word(
            "--guests", "Micro-VMs on KVM, or threads; auto: VMs where KVM runs them natively.", "auto", "auto", "vm",
                "thread");

    internal Option<string> Via { get; } = Choice.Word(
        "--via", "What connects the guests: a pipe (trusted, zero copy) or a VALE switch (strangers, copies).", "pipe",
        "pipe", "vale");

    internal Option<string> Guests { get; }

    internal LinuxGuestOptions Linux { get; } = new();

    internal Option<long> Frame { get; } = Choice.Whole(
        "--frame", "BYTES", "Bytes of a frame, without Ethernet's checksum.", SettingTables.Guest.LimitsOf("frame"),
            60);

    internal Option<long> Slots { get; } = Choice.Whole(
        "--slots", "N",
        "Slots a ring. Default: 16384; fewer for large frames, several rings or pairs, chains and fixed rates.",
        SettingTables.Port.LimitsOf("slots"));

    internal Option<long> Burst { get; } = Choice.Whole(
        "--burst", "N", "Slots that a sender fills between two publications, at most.", 1, NetmapAbi.MaxSlots, 256);

    internal Option<long> Rings { get; } = Choice.Whole(
        "--rings", "N", "Ring pairs a port.", SettingTables.Port.LimitsOf("rings"), 1);

    internal Option<long> Pairs { get; } = Choice.Whole(
        "--pairs", "N", "Pairs of guests that are at it at the same time.", 1, MostPairs, 1);

    internal Option<long> Rate { get; } = Choice.Whole(
        "--rate", "PPS", "Packets a second of each sender; 0 sends as fast as it goes.",
            SettingTables.Guest.LimitsOf("rate"), 0);

    internal Option<long> Packets { get; } = Choice.Whole(
        "--packets", "N", "Send so many packets and measure the whole run, in place of --seconds.",
        SettingTables.Guest.LimitsOf("packets"), 0);

    internal Option<bool> Verify { get; } = Choice.Flag(
        "--verify", "Check each frame: sequence number and checksum. Counts duplicated, reordered and damaged ones.");

    internal Option<bool> BothWays { get; } = Choice.Flag("--both-ways", "Both guests of a pair send and receive.");

    internal Option<double> Seconds { get; } = Choice.Seconds("--seconds", "Length of a run, after 0.3 s of warm-up.",
        0.05, 3600, 3);

    internal Option<long> Runs { get; } = Choice.Whole(
        "--runs", "N", "Runs, each on a bed of its own; the median is reported.", 1, 1000, 3);

    internal Option<string> Policy { get; } = Choice.Word(
        "--policy", "What a host loop does when its ring is dry.", NotificationPolicy.SpinThenSleep.Name,
        SettingTables.Daemon.WordsOf("policy"));

    internal Option<long> GuestSpin { get; } = Choice.Whole(
        "--guest-spin", "N", "How often a guest looks, a pause apart, before it sleeps. Default: threads 8, VMs 100.",
            0, 1_000_000);

    /// <summary>The option for patience.</summary>
    /// <param name="usual">What it is unless given.</param>
    internal static Option<long> PatienceOption(long usual) => Choice.Whole(
        "--guest-patience", "US",
        "How long a VM that has waited no longer last time looks before it sleeps, in microseconds; 0: not at all.",
        0, 1_000_000, usual);

    internal Option<long> Workers { get; } = Choice.Whole(
        "--workers", "N", "Worker threads of the host; 0: one less than cores, at least one.",
        SettingTables.Daemon.LimitsOf("workers"), 0);

    internal Option<PinPlan> Pin { get; } = new("--pin")
    {
        Description = "Bind threads to CPUs, in turn: guests, then workers behind a slash (0,1/1), or none. " +
            "Default: a CPU for each guest where there are enough.",
        HelpName = "CPUS[/CPUS]",
        CustomParser = argument =>
        {
            string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
            if (!PinPlan.TryParse(text, out PinPlan plan))
            {
                argument.AddError($"--pin {text}: expected CPU numbers as in 0,1 or 0,1/1, or none");
            }
            else if (AllowedCpus.FirstOutside(plan.Guests.Concat(plan.Workers)) is { } cpu)
            {
                argument.AddError($"--pin {text}: this process may not use CPU {cpu}, only {AllowedCpus.List}");
            }

            return plan;
        },
    };

    internal Option<long> Scrape { get; } = Choice.Whole(
        "--scrape", "HZ", "Read all counters so many times a second meanwhile, as a monitor does.", 0, 10_000, 0);

    internal Option<string> HugePages { get; } = Choice.Word(
        "--hugepages", "Pages of 2 MiB for regions: where there are some, never, or fail without.", "auto",
        SettingTables.Domain.WordsOf("huge_pages"));

    internal Option<string?> Json { get; } = JsonOption();

    /// <summary>What the bed is built of.</summary>
    internal BedSettings ReadSettings(ParseResult parsed)
    {
        int frame = (int)ValueOr(parsed, Frame, 60);
        long slots = ValueOr(parsed, Slots, 0);
        var settings = new BedSettings
        {
            Via = string.Equals(ValueOr(parsed, Via, "pipe"), "vale", StringComparison.Ordinal) ? Lab.Beds.Via.Vale
                : Lab.Beds.Via.Pipe,
            Guests = GuestChoice.Resolve(ValueOr(parsed, Guests, "auto")),
            Frame = frame,
            SlotsWanted = slots != 0 ? (int)slots : null,
            Burst = (int)ValueOr(parsed, Burst, 256),
            Rings = (int)ValueOr(parsed, Rings, 1),
            Pairs = (int)ValueOr(parsed, Pairs, 1),
            Rate = ValueOr(parsed, Rate, 0),
            Packets = ValueOr(parsed, Packets, 0),
            Verify = ValueOr(parsed, Verify, false),
            BothWays = ValueOr(parsed, BothWays, false),
            Workers = (int)ValueOr(parsed, Workers, 0),
            GuestSpin = parsed.GetResult(GuestSpin) is null ? null : (int)ValueOr(parsed, GuestSpin, 0),
            PinWanted = ValueOr(parsed, Pin, null!),
            HugePages = Enum.Parse<HugePagePolicy>(ValueOr(parsed, HugePages, "auto"), ignoreCase: true),
        };
        string policy = ValueOr(parsed, Policy, NotificationPolicy.SpinThenSleep.Name);
        return settings with { Policy = NotificationPolicy.Parse(policy) };
    }

    /// <summary>What the Linux guests of these settings are booted from; null when theirs are others.</summary>
    /// <exception cref="UsageException">An option goes with other guests.</exception>
    internal LinuxBoot? ReadBoot(ParseResult parsed, BedSettings settings, CancellationToken stop)
    {
        if (settings.Guests != GuestKind.Qemu)
        {
            Linux.RequireNone(parsed);
            return null;
        }

        return ((Option[])[BothWays, GuestSpin, Pin]).FirstOrDefault(option =>
            parsed.GetResult(option) is { Implicit: false }) is { } other
            ? throw new UsageException($"{other.Name} goes with --guests thread and vm")
            : new LinuxBoot(Linux.Read(parsed), ReadJson(parsed).People, stop);
    }

    /// <summary>How long a run takes.</summary>
    internal RunTimes ReadTimes(ParseResult parsed) => RunTimes.Of(ValueOr(parsed, Seconds, 3));

    /// <summary>How often counters are read meanwhile.</summary>
    internal long ReadScrape(ParseResult parsed) => ValueOr(parsed, Scrape, 0);

    /// <summary>How many runs.</summary>
    internal int ReadRuns(ParseResult parsed) => (int)ValueOr(parsed, Runs, 1);

    /// <summary>Where JSON goes.</summary>
    internal JsonTarget ReadJson(ParseResult parsed) => new(ValueOr(parsed, Json, null));

    /// <summary>The option for JSON; a file that cannot be written is found out before anything is measured.</summary>
    internal static Option<string?> JsonOption()
    {
        var option = new Option<string?>("--json")
        {
            Description = "Write JSON to a file, or to standard output (-).",
            HelpName = "-|FILE",
        };
        option.Validators.Add(result =>
        {
            if (new JsonTarget(result.GetValueOrDefault<string?>()).Refusal() is { } refusal)
            {
                result.AddError($"--json: {refusal}");
            }
        });
        return option;
    }

    // A command that does not have the option goes by the default.
    private static T ValueOr<T>(ParseResult parsed, Option<T> option, T otherwise) =>
        parsed.CommandResult.Command.Options.Contains(option)
            && (option.HasDefaultValue || parsed.GetResult(option) is not null)
            ? parsed.GetValue(option)!
            : otherwise;
}
