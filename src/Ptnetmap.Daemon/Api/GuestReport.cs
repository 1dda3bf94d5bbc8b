using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Daemon.Api;

/// <summary>What a guest of transport <c>thread</c> has done.</summary>
public sealed record GuestReport
{
    /// <summary>Packets sent or received.</summary>
    public required long Packets { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Kicks sent.</summary>
    public required long Kicks { get; init; }

    /// <summary>Times that it slept.</summary>
    public required long Sleeps { get; init; }

    /// <summary>Numbers left out (verifying receivers).</summary>
    public required long Lost { get; init; }

    /// <summary>Numbers seen again.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Numbers out of order.</summary>
    public required long Reordered { get; init; }

    /// <summary>Frames with a wrong checksum.</summary>
    public required long Damaged { get; init; }

    /// <summary>Slots that no honest partner writes.</summary>
    public required long BadSlots { get; init; }

    /// <summary>Microseconds of the longest time without a packet (receivers).</summary>
    public required long LongestGapUs { get; init; }

    internal static GuestReport? Of(GuestCounters? counters) => counters is not { } own ? null : new GuestReport
    {
        Packets = own.Packets,
        Bytes = own.Bytes,
        Kicks = own.Kicks,
        Sleeps = own.Sleeps,
        Lost = own.Lost,
        Duplicated = own.Duplicated,
        Reordered = own.Reordered,
        Damaged = own.Damaged,
        BadSlots = own.BadSlots,
        LongestGapUs = own.LongestGap / 1000,
    };
}
