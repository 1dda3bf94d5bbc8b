namespace Ptnetmap.Daemon.Running;

/// <summary>An interface of the host that was put on a switch.</summary>
/// <param name="What">Which, and where.</param>
/// <param name="Bridges">What there is of it: the interface's bridge, and its stack's when that was asked for.</param>
public sealed record ServedAttachment(SwitchAttachment What, IReadOnlyList<ServedBridge> Bridges);
