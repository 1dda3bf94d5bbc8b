using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>Opens ports of one kind: those of switches, interfaces, files. Pipes are made in pairs, and are no
/// kind.</summary>
public interface IPortKind
{
    /// <summary>How its names look, for messages: <c>tap:NAME</c>.</summary>
    public string Pattern { get; }

    /// <summary>True when a port of this name is of the kind.</summary>
    public bool Opens(PortName name);

    /// <summary>What this kind alone finds wrong with a port's settings.</summary>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings);

    /// <summary>Does what may have to wait for somebody outside (files, other machines' file systems), before the one
    /// lock that all changes share is taken. Nothing of the daemon's is changed yet.</summary>
    /// <exception cref="RefusalException">What the name stands for cannot be had.</exception>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The kernel refused.</exception>
    public IPreparedPort Prepare(PortName name, PortSettings settings);
}
