using Ptnetmap.Passthrough;

namespace Ptnetmap.Lab.Guests;

/// <summary>Makes guests of one kind. They use an attachment and do not own it.</summary>
public interface IGuestFactory
{
    /// <summary>A guest that sends.</summary>
    public IBenchGuest CreateSender(GuestAttachment attachment, SenderPart part);

    /// <summary>A guest that receives.</summary>
    public IBenchGuest CreateReceiver(GuestAttachment attachment, ReceiverPart part);

    /// <summary>A guest that passes on what comes at one port to another, without copying.</summary>
    public IBenchGuest CreateForwarder(GuestAttachment from, GuestAttachment to, string name, int? cpu);

    /// <summary>A guest that sends back what it gets.</summary>
    public IBenchGuest CreateEcho(GuestAttachment attachment, string name, int? cpu);

    /// <summary>A guest that sends a frame, waits for it, and records the time.</summary>
    public IBenchGuest CreatePing(GuestAttachment attachment, SenderPart part);
}
