using Ptnetmap.Daemon.Transports;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A way in, and its factory, that does what a test says when a port is attached, and when it is
/// closed.</summary>
internal sealed class StubTransport : ITransportFactory, IPortTransport
{
    internal const string Name = "stub";

    private string _port = "";

    internal Action<string> Attaching { get; init; } = _ => { };

    internal Action<string> Closing { get; init; } = _ => { };

    internal Action LookingAfter { get; init; } = () => { };

    public string Kind => Name;

    public TransportState State => TransportState.Detached;

    public string? Endpoint => null;

    public string? Note => null;

    public GuestCounters? Guest => null;

    public DeviceState? Device => null;

    public IPortTransport Create(TransportContext context) =>
        new StubTransport
        {
            _port = context.Port.Name,
            Attaching = Attaching,
            Closing = Closing,
            LookingAfter = LookingAfter,
        };

    public void LookAfter() => LookingAfter();

    public void Attach() => Attaching(_port);

    public void Detach()
    {
        // Nobody is there.
    }

    public void Dispose() => Closing(_port);
}
