using Ptnetmap.Client;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Passthrough;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>Guests that are threads: the same rings, CSB and eventfds as a VM's, in C#.</summary>
public sealed class ThreadGuestFactory(int? spin) : IGuestFactory
{
    /// <summary>What guests do before they sleep.</summary>
    public IdleStrategy Idle { get; } = spin is { } pauses ? IdleStrategy.SpinThenSleep(pauses) : IdleStrategy.Default;

    /// <inheritdoc/>
    public IBenchGuest CreateSender(GuestAttachment attachment, SenderPart part) =>
        new ThreadGuest(part.Name, new Sender(Open(attachment), part.Traffic), part.Cpu);

    /// <inheritdoc/>
    public IBenchGuest CreateReceiver(GuestAttachment attachment, ReceiverPart part)
    {
        var receiver = new Receiver(Open(attachment), part.Options);
        return new ThreadGuest(part.Name, receiver, part.Cpu, part.Options.Latency ? receiver.Latency : null);
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
        var ping = new Ping(Open(attachment), part.Traffic);
        return new ThreadGuest(part.Name, ping, part.Cpu, ping.RoundTrips);
    }

    private NetmapPort Open(GuestAttachment attachment) => LocalGuest.Open(attachment, Idle);
}
