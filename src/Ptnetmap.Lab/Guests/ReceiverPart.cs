using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>What a receiver is to do.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">What it does with what comes.</param>
/// <param name="Cpu">The CPU that it is bound to.</param>
public sealed record ReceiverPart(string Name, ReceiverOptions Options, int? Cpu);
