namespace Ptnetmap.Lab.Beds;

/// <summary>Frames that went no further.</summary>
/// <param name="Place">The port whose counter says so.</param>
/// <param name="Reason">The counter, by the name that <c>ptnet port show</c> has for it.</param>
/// <param name="Frames">How many.</param>
public sealed record Loss(string Place, string Reason, long Frames);
