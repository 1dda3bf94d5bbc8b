using Ptnetmap.Memory;

namespace Ptnetmap.Daemon.Running;

/// <summary>A trust domain at work: a name and its region.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">The region of all its ports.</param>
/// <param name="GoesWithPort">It was made for one port or pipe and goes with it.</param>
public sealed record TrustDomain(string Name, MemoryRegion Region, bool GoesWithPort);
