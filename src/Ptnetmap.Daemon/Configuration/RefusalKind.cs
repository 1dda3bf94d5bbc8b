namespace Ptnetmap.Daemon.Configuration;

/// <summary>Why the daemon does not do what it was asked to.</summary>
public enum RefusalKind
{
    /// <summary>The request is wrong in itself.</summary>
    Invalid,

    /// <summary>What it names is not there.</summary>
    NotFound,

    /// <summary>It does not go with what is there.</summary>
    Conflict,

    /// <summary>Not now: another change does not end.</summary>
    Busy,
}
