namespace Ptnetmap.Cli.Guests;

/// <summary>Which times a machine's program records.</summary>
internal enum VmTimes
{
    /// <summary>None.</summary>
    None,

    /// <summary>From its own stamp to its own clock.</summary>
    RoundTrips,

    /// <summary>From another machine's stamp to its own clock.</summary>
    OneWay,
}
