namespace Ptnetmap.Daemon.Hosting;

/// <summary>The run directory cannot be had, or there is no daemon in it: the message names the directory and the option.</summary>
public sealed class RunDirectoryException : IOException
{
    /// <summary>Makes one.</summary>
    public RunDirectoryException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public RunDirectoryException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public RunDirectoryException()
    {
    }
}
