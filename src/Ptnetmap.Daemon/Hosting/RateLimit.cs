namespace Ptnetmap.Daemon.Hosting;

/// <summary>Lets so many through in a time, and counts those that it does not.</summary>
public sealed class RateLimit
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly int _most;
    private readonly TimeSpan _time;
    private long _windowStart;
    private int _passed;
    private long _passedOver;

    /// <summary>Lets <paramref name="most"/> through in each <paramref name="time"/>.</summary>
    public RateLimit(int most, TimeSpan time, TimeProvider? clock = null)
    {
        _most = most;
        _time = time;
        _clock = clock ?? TimeProvider.System;
        _windowStart = _clock.GetTimestamp();
    }

    /// <summary>True when one more may pass.</summary>
    /// <param name="passedOver">How many did not since the last that did.</param>
    public bool TryPass(out long passedOver)
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(_windowStart) >= _time)
            {
                _windowStart = _clock.GetTimestamp();
                _passed = 0;
            }

            if (_passed == _most)
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
