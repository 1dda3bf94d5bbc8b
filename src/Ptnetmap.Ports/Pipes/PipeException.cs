namespace Ptnetmap.Ports.Pipes;

/// <summary>A pipe that cannot be made; the message says why and what to do instead.</summary>
public sealed class PipeException : Exception
{
    /// <summary>Makes one.</summary>
    public PipeException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public PipeException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public PipeException()
    {
    }
}
