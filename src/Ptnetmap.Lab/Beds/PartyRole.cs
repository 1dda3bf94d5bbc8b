namespace Ptnetmap.Lab.Beds;

/// <summary>What a guest of a switch or a pipe does.</summary>
public enum PartyRole
{
    /// <summary>It sends.</summary>
    Sender,

    /// <summary>It reads what comes, as fast as it does.</summary>
    Receiver,

    /// <summary>It reads a few frames a second.</summary>
    Slow,

    /// <summary>It never reads.</summary>
    Stalled,
}
