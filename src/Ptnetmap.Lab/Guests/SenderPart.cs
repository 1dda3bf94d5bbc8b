using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Guests;

/// <summary>What a sender is to do.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Traffic">What it sends.</param>
/// <param name="Cpu">The CPU that it is bound to.</param>
public sealed record SenderPart(string Name, TrafficSpec Traffic, int? Cpu = null);
