using System.Runtime.CompilerServices;

namespace Ptnetmap.Ports.Switching;

/// <summary>A learning bridge, VALE's own lookup: a known address goes to the port where it was last seen as a source,
/// all else goes everywhere.</summary>
/// <param name="Table">Where addresses are remembered; the key is the address.</param>
internal readonly record struct LearningLookup(ForwardingTable Table) : IForwardingLookup<LearningLookup>
{
    public static bool HasVlans => false;

    public void BeginPass() => Table.Tick();

    public LearningLookup From(SwitchPort source) => this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ForwardingDecision Decide(EthernetHead head, int sourcePort, bool learn)
    {
        if (learn && !head.HasGroupSource)
        {
            Table.Learn(head.Source.Value, sourcePort);
        }

        // 0, for an address that is not known, is a flood.
        return head.IsGroup ? ForwardingDecision.Flood : ForwardingDecision.To(Table.Find(head.Destination.Value));
    }

    public bool Admits(ForwardingDecision decision, SwitchPort port) => true;
}
