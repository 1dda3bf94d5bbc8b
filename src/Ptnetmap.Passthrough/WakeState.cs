namespace Ptnetmap.Passthrough;

/// <summary>Who sees to it that there is another pass of a ring.</summary>
internal enum WakeState
{
    /// <summary>Whoever ran the last one: it has more to do, and another turn.</summary>
    Due,

    /// <summary>Who brings packets: it kicks, or the source's descriptor does.</summary>
    Armed,

    /// <summary>Nobody is asked to tell us. Sides that are about to sleep come by themselves, and if none does the
    /// timer.</summary>
    HeldOff,

    /// <summary>Who gives slots back: it was asked to kick.</summary>
    Blocked,

    /// <summary>The worker, all the time.</summary>
    Polling,
}
