namespace Ptnetmap.Transports.Serving;

/// <summary>Doors that are left alone for a while. Without a descriptor for the next client, its connection would stay
/// at the door, and the door readable: so it is not looked at until a pause is over.</summary>
internal sealed class StarvedDoors(TimeProvider clock)
{
    // Until a door is tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly List<Guarded> _doors = [];
    private long _since;

    /// <summary>For how long there is nothing to do; -1 for ever.</summary>
    internal int Milliseconds => _doors.Count == 0
        ? -1
        : (int)Math.Clamp((Pause - clock.GetElapsedTime(_since)).TotalMilliseconds + 1, 0, Pause.TotalMilliseconds);

    /// <summary>Leaves a door alone, for a whole pause from now on.</summary>
    /// <param name="tryAgain">Tries it again, and takes it out when that succeeds.</param>
    /// <returns>False when it was left alone already.</returns>
    internal bool Add(Guarded tryAgain)
    {
        _since = clock.GetTimestamp();
        if (_doors.Contains(tryAgain))
        {
            return false;
        }

        _doors.Add(tryAgain);
        return true;
    }

    /// <summary>It is looked at again, or gone.</summary>
    /// <returns>False when it was not left alone.</returns>
    internal bool Remove(Guarded tryAgain) => _doors.Remove(tryAgain);

    /// <summary>Tries all of them again when the pause is over.</summary>
    internal void TryAgain()
    {
        if (_doors.Count == 0 || clock.GetElapsedTime(_since) < Pause)
        {
            return;
        }

        _since = clock.GetTimestamp();
        foreach (Guarded door in _doors.ToArray())
        {
            door.Run();
        }
    }
}
