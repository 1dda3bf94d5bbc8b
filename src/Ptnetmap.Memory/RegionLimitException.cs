namespace Ptnetmap.Memory;

/// <summary>A region, port or ring that was asked for does not fit: the message names the limit, its value and the
/// option that changes it.</summary>
public sealed class RegionLimitException : Exception
{
    /// <summary>Makes one.</summary>
    public RegionLimitException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public RegionLimitException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public RegionLimitException()
    {
    }
}
