using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>A port whose other side is files: the frames of one arrive on it, and what is sent is written to another.
/// For tests and replay. Sending never waits: what the disk does not take is dropped and counted.</summary>
public sealed class PcapPort : Port, IHostPort
{
    private readonly PcapPortOptions _options;
    private readonly PcapSource _source;
    private readonly CaptureWriter? _writer;
    private readonly TxPacket _packet = new();

    private PcapPort(
        string name,
        MemoryRegion region,
        PcapPortOptions options,
        PcapSource source,
        CaptureWriter? writer,
        Quiescence quiescence)
        : base(name, region, PortShape.Symmetric(1, options.Slots), quiescence)
    {
        _options = options;
        _source = source;
        _writer = writer;
    }

    /// <inheritdoc/>
    public override bool HasBackPressure => false;

    /// <summary>True when all is replayed that was to be.</summary>
    public bool IsFinished => _source.IsFinished;

    /// <summary>Opens the files and the port in <paramref name="region"/>.</summary>
    /// <exception cref="PcapException">A file cannot be opened, or the input is no capture, or has not one whole frame
    /// of Ethernet's.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public static PcapPort Create(string name, MemoryRegion region, PcapPortOptions options, Quiescence quiescence)
    {
        using CaptureFiles files = CaptureFiles.Open(options, new CaptureClaims());
        PcapPort port = Create(name, region, options, files, quiescence);
        port.Keep();
        return port;
    }

    /// <summary>Opens the port in <paramref name="region"/>, and takes over <paramref name="files"/>. The output is
    /// emptied when the port is kept (<see cref="Keep"/>) or a frame is sent. Waits for no disk.</summary>
    /// <exception cref="RegionLimitException">The region has not enough left; the files are as they were.</exception>
    /// <exception cref="Ptnetmap.Linux.LinuxException">There is no room for a thread; the files are as they
    /// were.</exception>
    public static PcapPort Create(
        string name, MemoryRegion region, PcapPortOptions options, CaptureFiles files, Quiescence quiescence)
    {
        CaptureWriter? writer = options.Output is null ? null : new CaptureWriter(options.SnapLength);
        PcapSource? source = null;
        PcapPort? port = null;
        try
        {
            source = new PcapSource(options, files);
            port = new PcapPort(name, region, options, source, writer, quiescence);
            writer?.Start(files.TakeOutput(), port.TxRings[0]);
            return port;
        }
        catch
        {
            port?.Dispose();
            if (port is null)
            {
                writer?.Dispose();
                source?.Dispose();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override SyncStatus TxSync(Kring tx, uint budget)
    {
        uint taken = 0;
        DateTime now = DateTime.UtcNow;
        while (taken < budget && tx.Pending != 0)
        {
            if (!_packet.TryTake(tx))
            {
                return SyncStatus.Dry;
            }

            if (_packet.Refusal is { } reason)
            {
                tx.Counters.Drops.Add(reason, _packet.IsRest ? 0 : 1);
            }
            else if (_writer is not null)
            {
                _writer.Append(_packet, now);
            }
            else
            {
                tx.Counters.Packets++;
                tx.Counters.Bytes += _packet.Bytes;
            }

            tx.Complete(_packet.Slots);
            taken += _packet.Slots;
        }

        return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.More;
    }

    /// <inheritdoc/>
    public override void NotifyReceivers(Kring tx)
    {
        // A file is told nothing.
    }

    /// <inheritdoc/>
    public override RxSource? SourceOf(Kring rx) => _source;

    /// <inheritdoc/>
    public void Keep() => _writer?.Keep();

    /// <inheritdoc/>
    public HostPortState Describe() => new()
    {
        Interface = $"{_options.Input ?? PcapPortOptions.NoFile},{_options.Output ?? PcapPortOptions.NoFile}",
        Link = "up",
        Mode = "pcap",
        Note = _source.Failure ?? _writer?.Failure ?? (_options.Input is null || !IsFinished ? null
            : _source.IsEmpty ? $"{_options.Input} has no packets" : "replayed"),
        Counters = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["replays"] = _source.LoopsDone,
            ["left_out"] = _source.LeftOut,
        },
    };

    /// <inheritdoc/>
    protected override void Leave()
    {
        _source.Dispose();
        _writer?.Dispose();
    }
}
