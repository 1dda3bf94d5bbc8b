namespace Ptnetmap.Ports.Switching;

/// <summary>Where a frame goes: the part of a VALE switch that can be replaced (netmap's <c>bdg_ops.lookup</c>). A
/// switch takes it as a struct type parameter, so that the JIT compiles a pass for each lookup with the lookup inlined.
/// Passes of many rings call it at once; it allocates nothing and takes no lock.</summary>
internal interface IForwardingLookup<TSelf>
    where TSelf : struct, IForwardingLookup<TSelf>
{
    /// <summary>Whether decisions name VLANs, by which tags are put in and taken out. Known when a pass is compiled:
    /// where there are none, nothing of that is in it.</summary>
    public static abstract bool HasVlans { get; }

    /// <summary>A pass begins: the place to look at the clock, once for many packets.</summary>
    public void BeginPass();

    /// <summary>The lookup for frames that <paramref name="source"/> sends.</summary>
    public TSelf From(SwitchPort source);

    /// <summary>Says where a frame goes.</summary>
    /// <param name="head">Its first bytes, as they were read once.</param>
    /// <param name="sourcePort">Number of the port that sent it.</param>
    /// <param name="learn">False when the frame's source address is not to be remembered (<c>NS_NO_LEARN</c>).</param>
    public ForwardingDecision Decide(EthernetHead head, int sourcePort, bool learn);

    /// <summary>Whether a frame with this <paramref name="decision"/> may go out at <paramref name="port"/>. Asked once
    /// a run of packets, and for each receiver of a flood.</summary>
    public bool Admits(ForwardingDecision decision, SwitchPort port);
}
