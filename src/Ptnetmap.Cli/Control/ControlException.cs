namespace Ptnetmap.Cli.Control;

/// <summary>The daemon refused, or is not there; the message is the daemon's own.</summary>
internal sealed class ControlException : IOException
{
    /// <summary>Makes one.</summary>
    internal ControlException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    internal ControlException(string message, Exception cause) : base(message, cause)
    {
    }
}
