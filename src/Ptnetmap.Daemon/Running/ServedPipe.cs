namespace Ptnetmap.Daemon.Running;

/// <summary>A pipe that the daemon serves.</summary>
/// <param name="Name">The master end's name.</param>
/// <param name="Master">The end <c>NAME{ID</c>.</param>
/// <param name="Slave">The end <c>NAME}ID</c>.</param>
public sealed record ServedPipe(string Name, ServedPort Master, ServedPort Slave);
