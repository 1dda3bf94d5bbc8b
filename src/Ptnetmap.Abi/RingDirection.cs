namespace Ptnetmap.Abi;

/// <summary><c>dir</c> of a ring.</summary>
public enum RingDirection : ushort
{
    /// <summary>From the guest into the port.</summary>
    Tx = 0,

    /// <summary>From the port to the guest.</summary>
    Rx = 1,
}
