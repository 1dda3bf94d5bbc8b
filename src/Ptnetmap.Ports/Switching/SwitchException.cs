namespace Ptnetmap.Ports.Switching;

/// <summary>A port that cannot join a switch; the message says why and what to do instead.</summary>
public sealed class SwitchException : Exception
{
    /// <summary>Makes one.</summary>
    public SwitchException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public SwitchException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public SwitchException()
    {
    }
}
