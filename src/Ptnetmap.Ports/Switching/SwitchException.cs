namespace Ptnetmap.Ports.Switching;

/// <summary>A port that cannot join a switch; the message says why and what to do instead.</summary>
public sealed class SwitchException(string message) : Exception(message);
