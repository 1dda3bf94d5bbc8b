namespace Ptnetmap.Daemon.Configuration;

/// <summary>What a guest of transport <c>thread</c> does.</summary>
public sealed record GuestSettings
{
    /// <summary>send, receive or echo.</summary>
    public string Program { get; set; } = "receive";

    /// <summary>Packets after which it is done; 0: never.</summary>
    public long Packets { get; set; }

    /// <summary>Sender: packets a second; 0: as fast as it goes.</summary>
    public long Rate { get; set; }

    /// <summary>Sender: bytes of a frame.</summary>
    public int Frame { get; set; } = 60;

    /// <summary>Sender: destination address; null: broadcast.</summary>
    public string? To { get; set; }

    /// <summary>Receiver: checks every frame.</summary>
    public bool Verify { get; set; }
}
