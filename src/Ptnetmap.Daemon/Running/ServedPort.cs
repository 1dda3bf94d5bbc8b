using Ptnetmap.Daemon.Transports;
using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running;

/// <summary>A port that the daemon serves, with the way in which guests reach it.</summary>
public sealed class ServedPort
{
    private volatile IPortTransport _transport;

    internal ServedPort(Port port, TrustDomain domain, TransportContext context, IPortTransport transport)
    {
        Port = port;
        Domain = domain;
        Context = context;
        _transport = transport;
    }

    /// <summary>Its name.</summary>
    public string Name => Port.Name;

    /// <summary>The port.</summary>
    public Port Port { get; }

    /// <summary>Where its memory is.</summary>
    public TrustDomain Domain { get; }

    /// <summary>What its guest is given, and the daemon's parts that serve it.</summary>
    public TransportContext Context { get; }

    /// <summary>The address that its guest is given.</summary>
    public MacAddress Mac => Context.Mac;

    /// <summary>How guests come in.</summary>
    public IPortTransport Transport
    {
        get => _transport;
        internal set => _transport = value;
    }

    /// <summary>The pipe that it is an end of; null when it is none.</summary>
    public ServedPipe? Pipe { get; internal set; }

    /// <summary>The bridge that it is part of; null when it is part of none.</summary>
    public ServedBridge? Bridge { get; internal set; }

    /// <summary>Rings and slots.</summary>
    public PortShape Shape => Port.Memory.Shape;

    /// <summary>True while a guest uses its rings.</summary>
    public bool HasGuest => Bridge is null && Port.TxRings[0].Client is not null;
}
