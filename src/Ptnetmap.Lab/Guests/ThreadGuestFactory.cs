using Ptnetmap.Client;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>Guests that are threads: the same rings, CSB and eventfds as a VM's, in C#.</summary>
/// <param name="spin">Pauses before they sleep; null: as usual.</param>
/// <param name="attach">Attaches a guest to a port, or finds that one is.</param>
public sealed class ThreadGuestFactory(int? spin, Func<Port, GuestAttachment> attach) : IGuestFactory
{
    private readonly IdleStrategy _idle =
        spin is { } pauses ? IdleStrategy.SpinThenSleep(pauses) : IdleStrategy.Default;

    /// <inheritdoc/>
    public IBenchGuest CreateSender(Port port, SenderPart part) =>
        new ThreadGuest(part.Name, new Sender(Open(port), part.Traffic), part.Cpu);

    /// <inheritdoc/>
    public IBenchGuest CreateReceiver(Port port, ReceiverPart part)
    {
        var receiver = new Receiver(Open(port), part.Options);
        return new ThreadGuest(part.Name, receiver, part.Cpu, part.Options.Latency ? receiver.Latency : null);
    }

    /// <inheritdoc/>
    public IBenchGuest CreateForwarder(Port from, Port to, string name, int? cpu) =>
        new ThreadGuest(name, new Forwarder(Open(from).RxRings[0], Open(to).TxRings[0]), cpu);

    /// <inheritdoc/>
    public IBenchGuest CreateEcho(Port port, string name, int? cpu) =>
        new ThreadGuest(name, new Echo(Open(port)), cpu);

    /// <inheritdoc/>
    public IBenchGuest CreatePing(Port port, SenderPart part)
    {
        var ping = new Ping(Open(port), part.Traffic);
        return new ThreadGuest(part.Name, ping, part.Cpu, ping.RoundTrips);
    }

    /// <summary>Opens a port for a program of this process.</summary>
    public NetmapPort Open(Port port) => LocalGuest.Open(attach(port), _idle);
}
