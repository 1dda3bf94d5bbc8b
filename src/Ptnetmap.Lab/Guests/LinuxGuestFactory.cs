using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Ports;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Guests;

/// <summary>Guests that are Linux VMs under an unmodified QEMU. They send and receive.</summary>
public sealed class LinuxGuestFactory(LinuxHost host, CancellationToken stop) : IGuestFactory
{
    /// <inheritdoc/>
    public IBenchGuest CreateSender(Port port, SenderPart part)
    {
        TrafficSpec traffic = part.Traffic;
        return new LinuxGuest(
            host, port, part.Name,
            "pkt-gen tx --frame " +
            $"{traffic.FrameLength} --burst {traffic.Burst} --rate {traffic.Rate} --count {traffic.Limit} " +
            $"--src {traffic.Source} --dst {traffic.Destination}",
            traffic.Limit, stop);
    }

    /// <inheritdoc/>
    public IBenchGuest CreateReceiver(Port port, ReceiverPart part) =>
        new LinuxGuest(host, port, part.Name, part.Options.Verify ? "pkt-gen rx --verify" : "pkt-gen rx", null, stop);

    /// <inheritdoc/>
    public IBenchGuest CreateForwarder(Port from, Port to, string name, int? cpu) => throw Unable();

    /// <inheritdoc/>
    public IBenchGuest CreateEcho(Port port, string name, int? cpu) => throw Unable();

    /// <inheritdoc/>
    public IBenchGuest CreatePing(Port port, SenderPart part) => throw Unable();

    private static NotSupportedException Unable() => new("Linux guests send and receive, no more");
}
