using Ptnetmap.Daemon.Configuration;
using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Running.Kinds;

/// <summary>Capture files.</summary>
/// <param name="quiescence">The daemon's.</param>
/// <param name="needed">Names of files that no capture may be written to.</param>
public sealed class PcapKind(Quiescence quiescence, Func<IEnumerable<string>> needed) : IPortKind
{
    private readonly CaptureClaims _claims = new(needed);

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

        if (CapturePaths.RelativeOf(name) is { } relative)
        {
            yield return new Fault("name",
                $"'{relative}' is in no directory that the daemon knows; write its whole path (/...)");
        }
    }

    /// <inheritdoc/>
    public IPreparedPort Prepare(PortName name, PortSettings settings)
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
        return new PreparedCapture(settings.Name, options, CaptureFiles.Open(options, _claims), quiescence);
    }

    private static string? FileOrNone(string file) =>
        string.Equals(file, PcapPortOptions.NoFile, StringComparison.Ordinal) ? null : file;
}
