namespace Ptnetmap.Client;

/// <summary>What is in the region or the CSB is not a netmap port, or not as the host promised it; the message says
/// which field and what stands there.</summary>
public sealed class NetmapPortException(string message, Exception? cause = null) : Exception(message, cause);
