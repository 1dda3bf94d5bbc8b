using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary>The options that making a port, making a pipe and attaching a guest share.</summary>
internal sealed class EndOptions
{
    internal Option<string?> Domain { get; } = new("--domain")
    {
        Description = "Trust domain to be part of. Default: a region of its own, of the right size.",
        HelpName = "NAME",
    };

    internal Option<long> Rings { get; } = Choice.Whole("--rings", "N", "Ring pairs.", "rings", 1);

    internal Option<long> Slots { get; } =
        Choice.Whole("--slots", "N", "Slots a ring.", "slots", 1024);

    internal Option<string?> Mac { get; } = new("--mac")
    {
        Description = "The guest's address. Default: derived from the name.",
        HelpName = "ADDRESS",
    };

    internal Option<string> Bar { get; } = Choice.Word(
        "--bar", "Kind of the register BAR: io for every driver, memory for cheaper kicks (Linux guests).", "io", [.. Names.Bars]);

    internal Option<bool> AllowUnsealedMemory { get; } = Choice.Flag(
        "--allow-unsealed-memory", "Take a CSB in guest memory that QEMU could shrink (no memory-backend-memfd).");

    internal Option<bool> NoOffloads { get; } = Choice.Flag(
        "--no-offloads", "Grant no virtio-net header: guests complete checksums and cut segments themselves.");

    internal Option<string?> Policy { get; } = new("--policy")
    {
        Description = "What the sync loops do when they run dry. Default: the daemon's.",
        HelpName = string.Join('|', Names.Policies),
    };

    internal Option<string?> Transport { get; } = new("--transport")
    {
        Description = "How guests come in. Default: a device for QEMU, or a thread when a program is named.",
        HelpName = "qemu|thread|none",
    };

    internal Option<string?> Program { get; } = new("--program")
    {
        Description = "Let a guest thread of the daemon run this, to try the port out.",
        HelpName = string.Join('|', Names.Programs),
    };

    internal Option<long> Packets { get; } = Choice.Whole(
        "--packets", "N", "Packets after which the program is done; 0: never.", "packets", 0);

    internal Option<long> Rate { get; } = Choice.Whole(
        "--rate", "PPS", "Packets a second of a sender; 0: as fast as it goes.", "rate", 0);

    internal Option<long> Frame { get; } = Choice.Whole(
        "--frame", "BYTES", "Bytes of a sender's frame.", "frame", 60);

    internal Option<string?> To { get; } = new("--to")
    {
        Description = "A sender's destination. Default: broadcast.",
        HelpName = "ADDRESS",
    };

    internal Option<bool> Verify { get; } = Choice.Flag("--verify", "A receiver checks every frame.");

    /// <summary>The options of a guest program.</summary>
    internal Symbol[] OfGuest => [Program, Packets, Rate, Frame, To, Verify];

    /// <summary>What the guest program is to do; null when none is wanted.</summary>
    /// <exception cref="UsageException">There is something for it to do, but no program.</exception>
    internal GuestSettings? ReadGuest(ParseResult parsed)
    {
        if (parsed.GetValue(Program) is not { } program)
        {
            Option? alone = OfGuest.Cast<Option>().FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return alone is null ? null
                : throw new UsageException($"{alone.Name} is for a guest program; name one with --program {Program.HelpName}");
        }

        return new GuestSettings
        {
            Program = program,
            Packets = parsed.GetValue(Packets),
            Rate = parsed.GetValue(Rate),
            Frame = (int)parsed.GetValue(Frame),
            To = parsed.GetValue(To),
            Verify = parsed.GetValue(Verify),
        };
    }
}
