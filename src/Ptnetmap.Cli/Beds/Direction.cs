namespace Ptnetmap.Cli.Beds;

/// <summary>Which way frames go, seen from the guest.</summary>
internal enum Direction
{
    /// <summary>Out of the guest.</summary>
    Tx,

    /// <summary>Into the guest.</summary>
    Rx,
}
