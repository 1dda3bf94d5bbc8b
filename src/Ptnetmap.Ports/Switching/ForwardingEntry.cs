namespace Ptnetmap.Ports.Switching;

/// <summary>An address that a forwarding table remembers.</summary>
/// <param name="Key">The table's key: the address, in its lowest 48 bits.</param>
/// <param name="Port">The number of the port that it was seen at.</param>
/// <param name="IsStatic">It was pinned, and not learned.</param>
/// <param name="Age">Time since it was last seen, in steps of a fifteenth of the ageing time and rounded down; null for
/// one that does not age.</param>
public readonly record struct ForwardingEntry(ulong Key, int Port, bool IsStatic, TimeSpan? Age);
