using System.Text.Unicode;
using Ptnetmap.Lab.Measuring;

namespace Ptnetmap.Lab.Demo;

/// <summary>A line of rates that is written over itself on a terminal, and a line each elsewhere. It formats into a
/// buffer of its own and writes bytes: nothing is allocated.</summary>
public sealed class LiveLine : ILiveView
{
    private readonly byte[] _buffer = new byte[160];
    private readonly Stream _output;
    private readonly bool _inPlace;
    private long _began;
    private long _lastTime;
    private long _lastPackets;
    private long _lastBytes;
    private long _lastCpu;

    /// <summary>Makes a line on <paramref name="output"/>.</summary>
    public LiveLine(Stream output, bool inPlace)
    {
        _output = output;
        _inPlace = inPlace;
        Interval = TimeSpan.FromSeconds(inPlace ? 0.5 : 1);

        // The first number that is formatted in a process allocates: here, and not in a window.
        _ = Format(0, 0, 0, 0);
    }

    /// <inheritdoc/>
    public TimeSpan Interval { get; }

    /// <inheritdoc/>
    public void Begin(Sample opened)
    {
        _began = opened.Nanoseconds;
        Remember(opened);
    }

    /// <inheritdoc/>
    public void Show(Sample now)
    {
        double seconds = Math.Max(1, now.Nanoseconds - _lastTime) / 1e9;
        double mpps = (now.Received.Packets - _lastPackets) / seconds / 1e6;
        double gbps = (now.Received.Bytes - _lastBytes) * 8 / seconds / 1e9;
        double cores = (now.ProcessCpu - _lastCpu) / 1e9 / seconds;
        double at = (now.Nanoseconds - _began) / 1e9;
        Remember(now);
        int length = Format(at, mpps, gbps, cores);
        _output.Write(_buffer, 0, length);
        _output.Flush();
    }

    private int Format(double at, double mpps, double gbps, double cores)
    {
        _ = Utf8.TryWrite(
            _buffer, $"   {at,5:F1} s  {mpps,8:F2} Mpps  {gbps,7:F2} Gbit/s  {cores,5:F2} cores ", out int length);
        _buffer[length] = (byte)(_inPlace ? '\r' : '\n');
        return length + 1;
    }

    private void Remember(Sample sample)
    {
        _lastTime = sample.Nanoseconds;
        _lastPackets = sample.Received.Packets;
        _lastBytes = sample.Received.Bytes;
        _lastCpu = sample.ProcessCpu;
    }
}
