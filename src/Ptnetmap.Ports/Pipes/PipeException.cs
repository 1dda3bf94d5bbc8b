namespace Ptnetmap.Ports.Pipes;

/// <summary>A pipe that cannot be made; the message says why and what to do instead.</summary>
public sealed class PipeException(string message) : Exception(message);
