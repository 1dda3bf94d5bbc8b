namespace Ptnetmap.Daemon.Hosting;

/// <summary>The run directory cannot be had, or there is no daemon in it: the message names the directory and the
/// option.</summary>
public sealed class RunDirectoryException(string message, Exception? cause = null) : IOException(message, cause);
