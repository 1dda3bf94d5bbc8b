namespace Ptnetmap.Client;

/// <summary>What is in the region or the CSB is not a netmap port, or not as the host promised it; the message says
/// which field and what stands there.</summary>
public sealed class NetmapPortException : Exception
{
    /// <summary>Makes one.</summary>
    public NetmapPortException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public NetmapPortException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public NetmapPortException()
    {
    }
}
