namespace Ptnetmap.Lab.Beds;

/// <summary>Which way frames go, seen from the guests.</summary>
public enum Direction
{
    /// <summary>Out of the guests.</summary>
    Tx,

    /// <summary>Into the guests.</summary>
    Rx,
}
