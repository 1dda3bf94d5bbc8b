namespace Ptnetmap.Lab.Reporting;

/// <summary>One guest's part of the traffic. Counts are of all runs, from the first frame to the drained end.</summary>
/// <param name="Name">The guest.</param>
/// <param name="Role">sender, receiver, slow or stalled.</param>
/// <param name="Packets">A sender's frames that the switch or the pipe took; a receiver's that it has read.</param>
/// <param name="Mpps">The same in the window of the median run, in millions a second.</param>
/// <param name="Dropped">A sender's frames that were dropped, for whatever reason; those that found a receiver's ring
/// full.</param>
/// <param name="Unread">Frames that lay in a receiver's ring at the end.</param>
public sealed record PartyTraffic(string Name, string Role, long Packets, double Mpps, long Dropped, long Unread);
