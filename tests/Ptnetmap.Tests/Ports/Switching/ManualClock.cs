namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A clock that goes when it is told to.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now = 12_345;

    public override long TimestampFrequency => 1000;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan time) => _now += (long)time.TotalMilliseconds;
}
