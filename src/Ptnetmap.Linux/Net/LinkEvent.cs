namespace Ptnetmap.Linux.Net;

/// <summary>Something happened to an interface.</summary>
/// <param name="Kind">What.</param>
/// <param name="Link">The interface as it is now, or was; null when events were lost.</param>
public readonly record struct LinkEvent(LinkEventKind Kind, LinkInfo? Link);
