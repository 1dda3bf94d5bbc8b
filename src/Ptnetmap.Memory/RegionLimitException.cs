namespace Ptnetmap.Memory;

/// <summary>A region, port or ring that was asked for does not fit: the message names the limit, its value and the
/// option that changes it.</summary>
public class RegionLimitException(string message) : Exception(message);
