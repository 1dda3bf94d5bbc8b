using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;
using Ptnetmap.Nic.Pcap;
using Ptnetmap.Ports.Naming;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>Capture files.</summary>
public sealed class PcapKind(Quiescence quiescence) : IPortKind
{
    /// <inheritdoc/>
    public string Pattern => "pcap:IN,OUT";

    /// <inheritdoc/>
    public bool Opens(PortName name) => name.Kind == PortNameKind.Pcap;

    /// <inheritdoc/>
    public IEnumerable<Fault> Check(PortName name, PortSettings settings)
    {
        if (settings.Rings != 1)
        {
            yield return new Fault("rings", $"{settings.Rings}: a capture has one order, and so one ring pair");
        }

        foreach (string file in name.Part.Split(',').Where(Directory.Exists))
        {
            yield return new Fault("name", $"{file} is a directory; a capture is a file");
        }
    }

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings) => new PreparedPort(region => Open(name, settings, region));

    private PcapPort Open(PortName name, PortSettings settings, MemoryRegion region)
    {
        HostSettings host = settings.Host ?? new HostSettings();
        string[] files = name.Part.Split(',');
        var options = new PcapPortOptions
        {
            Input = FileOrNone(files[0]),
            Output = FileOrNone(files[1]),
            Slots = settings.Slots,
            RecordedTimes = host.RecordedTimes,
            Loops = host.Loops,
        };
        return PcapPort.Create(settings.Name, region, options, quiescence);
    }

    private static string? FileOrNone(string file) =>
        string.Equals(file, PcapPortOptions.NoFile, StringComparison.Ordinal) ? null : file;
}
