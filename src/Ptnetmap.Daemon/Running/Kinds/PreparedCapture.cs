using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>A port of captures whose files are open.</summary>
internal sealed class PreparedCapture(string name, PcapPortOptions options, CaptureFiles files, Quiescence quiescence)
    : IPreparedPort
{
    public Port Open(MemoryRegion region) => PcapPort.Create(name, region, options, files, quiescence);

    public void Dispose() => files.Dispose();
}
