using Ptnetmap.Ports;

namespace Ptnetmap.Lab.Guests;

/// <summary>Makes guests of one kind. They use a port and do not own it.</summary>
public interface IGuestFactory
{
    /// <summary>A guest that sends.</summary>
    public IBenchGuest CreateSender(Port port, SenderPart part);

    /// <summary>A guest that receives.</summary>
    public IBenchGuest CreateReceiver(Port port, ReceiverPart part);

    /// <summary>A guest that passes on what comes at one port to another, without copying.</summary>
    public IBenchGuest CreateForwarder(Port from, Port to, string name, int? cpu);

    /// <summary>A guest that sends back what it gets.</summary>
    public IBenchGuest CreateEcho(Port port, string name, int? cpu);

    /// <summary>A guest that sends a frame, waits for it, and records the time.</summary>
    public IBenchGuest CreatePing(Port port, SenderPart part);
}
