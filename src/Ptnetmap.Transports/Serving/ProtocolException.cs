namespace Ptnetmap.Transports.Serving;

/// <summary>A client has broken its protocol; the message says how. Out of <see cref="IProtocol.Handle"/> it ends the session.</summary>
public class ProtocolException : Exception
{
    /// <summary>Makes one.</summary>
    public ProtocolException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a cause.</summary>
    public ProtocolException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
