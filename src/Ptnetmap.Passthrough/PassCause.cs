namespace Ptnetmap.Passthrough;

/// <summary>Why a pass is run. The first three are what a worker is woken by.</summary>
public enum PassCause
{
    /// <summary>The guest kicked.</summary>
    Kick,

    /// <summary>The time for which the kick was held off is over.</summary>
    Timer,

    /// <summary>Packets have come from outside.</summary>
    Source,

    /// <summary>It is the loop's turn again: the last pass used up its budget, or the worker polls.</summary>
    Turn,

    /// <summary>A guest that is about to sleep does it itself.</summary>
    Assist,

    /// <summary>A receiver that has nothing else to do does it for the sender.</summary>
    Pull,
}
