using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>What a program inside a virtual machine did.</summary>
public sealed record GuestRunReport
{
    /// <summary>Which program.</summary>
    public required string Program { get; init; }

    /// <summary>The port, or both.</summary>
    public required string Port { get; init; }

    /// <summary>MSI-X (vfio), INTx (uio) or none (poll).</summary>
    public required string Interrupts { get; init; }

    /// <summary>Where the CSB was: bar or memory.</summary>
    public required string Csb { get; init; }

    /// <summary>From the first packet, or the start, to the end.</summary>
    public required double Seconds { get; init; }

    /// <summary>Packets sent, received, answered or passed on.</summary>
    public required long Packets { get; init; }

    /// <summary>Their bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Million packets a second.</summary>
    public double Mpps => Seconds > 0 ? Packets / Seconds / 1e6 : 0;

    /// <summary>Steps that moved something.</summary>
    public long Batches { get; init; }

    /// <summary>Kicks sent.</summary>
    public long Kicks { get; init; }

    /// <summary>Kicks that the host did not want.</summary>
    public long KicksSuppressed { get; init; }

    /// <summary>Times that it slept.</summary>
    public long Sleeps { get; init; }

    /// <summary>Sequence numbers not seen, or requests not answered.</summary>
    public long Lost { get; init; }

    /// <summary>Seen again.</summary>
    public long Duplicated { get; init; }

    /// <summary>Came late.</summary>
    public long Reordered { get; init; }

    /// <summary>Wrong checksum or none of our frames.</summary>
    public long Damaged { get; init; }

    /// <summary>Slots that no honest partner writes.</summary>
    public long BadSlots { get; init; }

    /// <summary>Frames that the kernel's TAP refused or that did not fit in a buffer.</summary>
    public long Refused { get; init; }

    /// <summary>Sent packets that the host had not taken when the time was up.</summary>
    public long Unsent { get; init; }

    /// <summary>Round trips (ping).</summary>
    public LatencySummary? RoundTripUs { get; init; }

    /// <summary>Stopped by a signal.</summary>
    public bool Interrupted { get; init; }
}
