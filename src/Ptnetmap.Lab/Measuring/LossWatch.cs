using Ptnetmap.Lab.Beds;

namespace Ptnetmap.Lab.Measuring;

/// <summary>How much of what was sent is lost, interval by interval: a median of zero may hide bursts. It reads the
/// senders' rings only, where drops are counted, and allocates nothing once it is made.</summary>
public sealed class LossWatch
{
    private const long MostSamples = 400_000;

    private readonly Party[] _senders;
    private readonly double[] _samples;
    private readonly int _copies;
    private int _count;
    private long _sent;
    private long _dropped;

    /// <summary>Prepares to watch the senders of a bed.</summary>
    /// <param name="bed">The bed.</param>
    /// <param name="times">How long it is watched; a run by number of packets may take longer, and is then watched for
    /// its first part.</param>
    public LossWatch(Testbed bed, RunTimes times)
    {
        _senders = bed.Settings.Latency ? [] : [.. bed.Crew.Parties.Where(party => party.Role == PartyRole.Sender)];
        _copies = bed.Settings.Fan?.Copies ?? 1;
        double window = bed.Settings.Packets == 0 ? times.Window / Interval : MostSamples / 10;
        _samples = new double[_senders.Length == 0 ? 0 : (int)Math.Min(MostSamples, window + 1)];
    }

    /// <summary>Time between two samples, at least.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>When the next one is due, in nanoseconds of the monotonic clock; never, where nobody sends to a guest,
    /// and where a wake-up would be seen in what is measured (latency).</summary>
    public long Due { get; private set; } = long.MaxValue;

    /// <summary>Percent of the frames of each interval (of a broadcast: of the copies) that were dropped; intervals in
    /// which nothing was sent are left out.</summary>
    public ReadOnlySpan<double> Samples => _samples.AsSpan(0, _count);

    /// <summary>Begins.</summary>
    public void Begin(long now)
    {
        (_sent, _dropped) = Read();
        PutOff(now);
    }

    /// <summary>Takes a sample, if one is due.</summary>
    public void Look(long now)
    {
        if (now < Due)
        {
            return;
        }

        (long sent, long dropped) = Read();
        if (sent > _sent)
        {
            _samples[_count++] = Math.Clamp(100.0 * (dropped - _dropped) / (_copies * (sent - _sent)), 0, 100);
        }

        (_sent, _dropped) = (sent, dropped);
        PutOff(now);
    }

    private void PutOff(long now) =>
        Due = _count < _samples.Length ? now + (long)Interval.TotalNanoseconds : long.MaxValue;

    private (long Sent, long Dropped) Read()
    {
        long sent = 0;
        long dropped = 0;
        foreach (Party sender in _senders)
        {
            sent += sender.Packets;
            dropped += sender.Dropped;
        }

        return (sent, dropped);
    }
}
