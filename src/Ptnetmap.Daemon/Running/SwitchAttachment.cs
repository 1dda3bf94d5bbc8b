namespace Ptnetmap.Daemon.Running;

/// <summary>What a bridge was made for, when it was made to put an interface on a switch.</summary>
/// <param name="Switch">The switch.</param>
/// <param name="Port">The interface's port, by which it is taken off again; another one's than the bridge's own where
/// that is the stack's.</param>
public sealed record SwitchAttachment(string Switch, string Port);
