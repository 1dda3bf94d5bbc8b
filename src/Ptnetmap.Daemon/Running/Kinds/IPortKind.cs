using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Naming;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>Opens ports of one kind: those of switches, interfaces, files. Pipes are made in pairs, and are no kind.</summary>
public interface IPortKind
{
    /// <summary>How its names look, for messages: <c>tap:NAME</c>.</summary>
    public string Pattern { get; }

    /// <summary>True when a port of this name is of the kind.</summary>
    public bool Opens(PortName name);

    /// <summary>What this kind alone finds wrong with a port's settings.</summary>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings);

    /// <summary>Opens a port in <paramref name="region"/>.</summary>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The kernel refused.</exception>
    public Port Open(PortName name, PortSettings settings, MemoryRegion region);
}
