using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>A port of captures whose files are open.</summary>
/// <param name="name">The port's name.</param>
/// <param name="options">What it reads and writes.</param>
/// <param name="files">The files.</param>
/// <param name="quiescence">The daemon's.</param>
internal sealed class PreparedCapture(string name, PcapPortOptions options, CaptureFiles files, Quiescence quiescence)
    : IPreparedPort
{
    public Port Open(MemoryRegion region) => PcapPort.Create(name, region, options, files, quiescence);

    public void Dispose() => files.Dispose();
}
