namespace Ptnetmap.Daemon.Configuration;

/// <summary>What a port's guest sees and how it comes in; a port has it, and each end of a pipe.</summary>
public record EndSettings
{
    /// <summary>The address that the guest is given; null: one that stays the same for the port's name on this
    /// machine.</summary>
    public string? Mac { get; set; }

    /// <summary>Kind of the device's register BAR: io (every driver) or memory (cheaper kicks, Linux only).</summary>
    public string Bar { get; set; } = "io";

    /// <summary>Takes a CSB in guest memory that QEMU could shrink (not a sealed memfd). If it does, the CSB reads as
    /// zeros from then on.</summary>
    public bool AllowUnsealedMemory { get; set; }

    /// <summary>How guests come in; null: the daemon's usual way.</summary>
    public string? Transport { get; set; }

    /// <summary>What the guest of transport <c>thread</c> does.</summary>
    public GuestSettings? Guest { get; set; }
}
