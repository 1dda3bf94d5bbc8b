using Ptnetmap.Client;
using Ptnetmap.Passthrough;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>Guests that are threads: the same rings, CSB and eventfds as a VM's, in C#.</summary>
public sealed class ThreadGuestFactory(int? spin) : IGuestFactory
{
    private readonly IdleStrategy _idle = spin is { } pauses ? IdleStrategy.SpinThenSleep(pauses) : IdleStrategy.Default;

    /// <inheritdoc/>
    public IBenchGuest CreateSender(GuestAttachment attachment, SenderPart part) =>
        new ThreadGuest(part.Name, new Sender(Open(attachment), OptionsOf(part)), part.Cpu);

    /// <inheritdoc/>
    public IBenchGuest CreateReceiver(GuestAttachment attachment, ReceiverPart part)
    {
        var options = new ReceiverOptions { Verify = part.Verify, Latency = part.Latency };
        var receiver = new Receiver(Open(attachment), options);
        return new ThreadGuest(part.Name, receiver, part.Cpu, part.Latency ? receiver.Latency : null);
    }

    /// <inheritdoc/>
    public IBenchGuest CreateForwarder(GuestAttachment from, GuestAttachment to, string name, int? cpu) =>
        new ThreadGuest(name, new Forwarder(Open(from).RxRings[0], Open(to).TxRings[0]), cpu);

    /// <inheritdoc/>
    public IBenchGuest CreateEcho(GuestAttachment attachment, string name, int? cpu) =>
        new ThreadGuest(name, new Echo(Open(attachment)), cpu);

    /// <inheritdoc/>
    public IBenchGuest CreatePing(GuestAttachment attachment, SenderPart part)
    {
        var options = new PingOptions
        {
            FrameLength = part.Frame,
            Source = TestFrame.LocalAddress(part.Source),
            Destination = TestFrame.LocalAddress(part.Destination),
        };
        var ping = new Ping(Open(attachment), options);
        return new ThreadGuest(part.Name, ping, part.Cpu, ping.RoundTrips);
    }

    /// <summary>A sender's part, as its program takes it.</summary>
    public static SenderOptions OptionsOf(SenderPart part) => new()
    {
        FrameLength = part.Frame,
        Burst = part.Burst,
        Source = TestFrame.LocalAddress(part.Source),
        Destination = TestFrame.LocalAddress(part.Destination),
        Rate = part.Rate,
        Limit = part.Limit,
        Timestamps = part.Timestamps,
    };

    /// <summary>Opens the guest's side of a port.</summary>
    public NetmapPort Open(GuestAttachment attachment) => NetmapPort.Open(
        new LocalChannel(
            attachment.Region,
            attachment.InterfaceOffset,
            attachment.Csb,
            attachment.Kicks,
            attachment.Interrupts,
            attachment.Assist),
        _idle);
}
