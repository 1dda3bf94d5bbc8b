namespace Ptnetmap.Transports.Serving;

/// <summary>A client has broken its protocol; the message says how. Out of <see cref="IProtocol.Handle"/> it ends the
/// session.</summary>
public class ProtocolException(string message, Exception? cause = null) : Exception(message, cause);
