using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running;

/// <summary>The ways in, and how a port is given one.</summary>
/// <param name="factories">The ways, the usual one first.</param>
/// <param name="host">What all ports share.</param>
/// <param name="directory">Where sockets go.</param>
/// <param name="log">Where to say what happens.</param>
/// <param name="guestChanged">Called when a guest has come or gone.</param>
internal sealed class TransportTable(
    IReadOnlyList<ITransportFactory> factories, Host host, RunDirectory directory, ILogger log, Action guestChanged)
{
    /// <summary>The ways, the usual one first.</summary>
    internal IReadOnlyList<ITransportFactory> Factories => factories;

    internal IEnumerable<string> Kinds => factories.Select(factory => factory.Kind);

    /// <summary>What is wrong with the way in that settings ask for.</summary>
    internal IEnumerable<Fault> Check(string key, EndSettings settings) =>
        settings.Transport is null || Kinds.Contains(settings.Transport, StringComparer.Ordinal)
            ? []
            : [new Fault(key, $"'{settings.Transport}' is none of {string.Join(", ", Kinds)}")];

    /// <summary>Gives a port its way in, closed as yet.</summary>
    /// <param name="port">The port.</param>
    /// <param name="domain">Where its memory is.</param>
    /// <param name="settings">What it is asked for.</param>
    /// <param name="policy">When its loops sleep; null: as the host's.</param>
    internal ServedPort Serve(Port port, TrustDomain domain, EndSettings settings, string? policy)
    {
        var context = new TransportContext
        {
            Port = port,
            Settings = settings,
            Mac = AddressRules.MacOf(settings.Mac, port.Name),
            Host = host,
            Policy = policy is null ? host.Policy : NotificationPolicy.Parse(policy),
            RunDirectory = directory,
            Log = log,
            GuestChanged = guestChanged,
        };
        string kind = settings.Transport ?? (settings.Guest is null ? factories[0].Kind : ThreadTransport.Name);
        return new ServedPort(port, domain, context, FactoryOf(kind).Create(context));
    }

    /// <summary>Gives a port a guest of the daemon's own in place of its way in, and lets it in.</summary>
    internal void Replace(ServedPort port, GuestSettings guest)
    {
        TransportContext context = port.Context with
        {
            Settings = port.Context.Settings with { Guest = guest, Transport = ThreadTransport.Name },
        };
        IPortTransport transport = FactoryOf(ThreadTransport.Name).Create(context);
        port.Transport.Dispose();
        port.Transport = transport;
        transport.Attach();
    }

    private ITransportFactory FactoryOf(string kind) =>
        factories.First(factory => string.Equals(factory.Kind, kind, StringComparison.Ordinal));
}
