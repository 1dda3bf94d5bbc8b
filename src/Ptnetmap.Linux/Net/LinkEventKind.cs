namespace Ptnetmap.Linux.Net;

/// <summary>What <see cref="LinkEvents"/> tells.</summary>
public enum LinkEventKind
{
    /// <summary>An interface is there, or something of it has changed.</summary>
    Changed,

    /// <summary>An interface is gone: removed, or moved to another namespace.</summary>
    Gone,

    /// <summary>Events were lost because nobody read them: look at the interfaces anew.</summary>
    Lost,
}
