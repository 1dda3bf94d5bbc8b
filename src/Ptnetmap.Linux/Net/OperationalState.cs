namespace Ptnetmap.Linux.Net;

/// <summary>What an interface is able to do (RFC 2863): <c>IF_OPER_*</c>.</summary>
public enum OperationalState : byte
{
    /// <summary>Its driver does not say.</summary>
    Unknown,

    /// <summary>A part of it is missing.</summary>
    NotPresent,

    /// <summary>It has no link, or is set down.</summary>
    Down,

    /// <summary>What it lies on is down.</summary>
    LowerLayerDown,

    /// <summary>It is being tested.</summary>
    Testing,

    /// <summary>It waits for something, authentication say.</summary>
    Dormant,

    /// <summary>It passes frames.</summary>
    Up,
}
