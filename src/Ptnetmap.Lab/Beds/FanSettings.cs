namespace Ptnetmap.Lab.Beds;

/// <summary>Senders and receivers on one switch that do not come in pairs.</summary>
public sealed record FanSettings
{
    /// <summary>Guests that send.</summary>
    public int Senders { get; init; } = 1;

    /// <summary>Guests that read what comes as fast as it does.</summary>
    public int Receivers { get; init; } = 1;

    /// <summary>Frames in a row that a sender sends to one receiver before it goes on to the next.</summary>
    public int Turn { get; init; } = 1;

    /// <summary>Frames go to ff:ff:ff:ff:ff:ff, so that each receiver gets a copy of each.</summary>
    public bool Broadcast { get; init; }

    /// <summary>Further receivers that never read.</summary>
    public int Stalled { get; init; }

    /// <summary>Further receivers that read <see cref="SlowRate"/> frames a second each.</summary>
    public int Slow { get; init; }

    /// <summary>Frames a second that a slow receiver reads.</summary>
    public long SlowRate { get; init; } = 1000;

    /// <summary>Receivers of whatever speed.</summary>
    public int Destinations => Receivers + Stalled + Slow;

    /// <summary>Guests that have something to do all the time.</summary>
    public int Busy => Senders + Receivers;

    /// <summary>Guests in all.</summary>
    public int Guests => Senders + Destinations;

    /// <summary>Copies of each frame that the switch is to deliver.</summary>
    public int Copies => Broadcast ? Destinations : 1;
}
