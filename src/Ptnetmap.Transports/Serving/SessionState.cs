namespace Ptnetmap.Transports.Serving;

/// <summary>What a session waits for.</summary>
public enum SessionState
{
    /// <summary>The client's next message.</summary>
    Input,

    /// <summary>Room for a reply: the client does not read. Nothing of it is handled meanwhile.</summary>
    Output,

    /// <summary>Nothing: it is over.</summary>
    Ended,
}
