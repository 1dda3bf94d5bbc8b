namespace Ptnetmap.HostPorts.Supervision;

/// <summary>What a port wants of who looks after its interface.</summary>
public enum PortWish
{
    /// <summary>The interface's queues are closed and opened again: the kernel has nothing of the port's
    /// then.</summary>
    Renewal,

    /// <summary>The port closes: the interface is given back.</summary>
    Release,
}
