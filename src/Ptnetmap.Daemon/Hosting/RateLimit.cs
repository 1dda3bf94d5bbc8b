namespace Ptnetmap.Daemon.Hosting;

/// <summary>Lets so many through in a time, and counts those that it does not.</summary>
/// <param name="most">How many.</param>
/// <param name="time">In which time.</param>
/// <param name="clock">What tells it; null: the system's.</param>
public sealed class RateLimit(int most, TimeSpan time, TimeProvider? clock = null)
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _windowStart = (clock ?? TimeProvider.System).GetTimestamp();
    private int _passed;
    private long _passedOver;

    /// <summary>True when one more may pass.</summary>
    /// <param name="passedOver">How many did not since the last that did.</param>
    public bool TryPass(out long passedOver)
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_windowStart) >= time)
            {
                _windowStart = _clock.GetTimestamp();
                _passed = 0;
            }

            if (_passed == most)
            {
                _passedOver++;
                passedOver = 0;
                return false;
            }

            _passed++;
            (passedOver, _passedOver) = (_passedOver, 0);
            return true;
        }
    }
}
