namespace Ptnetmap.Daemon.Configuration;

/// <summary>A VALE switch whose settings are not the usual ones. One that is not mentioned comes to be with its first port.</summary>
public sealed record SwitchSettings
{
    /// <summary>Its name: <c>vale0</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Seconds for which an address is remembered.</summary>
    public int AgeingSeconds { get; init; } = 300;
}
