namespace Ptnetmap.Lab.Beds;

/// <summary>One guest's part of the traffic, where several share a way.</summary>
/// <param name="Name">The guest.</param>
/// <param name="Sent">Frames sent to it, or by it.</param>
/// <param name="Received">Those of them that arrived.</param>
public sealed record GuestTraffic(string Name, long Sent, long Received);
