namespace Ptnetmap.Cli.Control;

/// <summary>The daemon refused, or is not there; the message is the daemon's own.</summary>
internal sealed class ControlException(string message, Exception? cause = null) : IOException(message, cause);
