namespace Ptnetmap.Lab.Guests;

/// <summary>Which times a machine's program records.</summary>
public enum VmTimes
{
    /// <summary>None.</summary>
    None,

    /// <summary>From its own stamp to its own clock.</summary>
    RoundTrips,

    /// <summary>From another machine's stamp to its own clock.</summary>
    OneWay,
}
