namespace Ptnetmap.Ports.Rings;

/// <summary>What a sender wants of a receive ring that it shares with others: asked under the ring's lock, as soon as
/// it is known how many slots are free. A struct, so that the claim is compiled for each.</summary>
internal interface IReceiveDemand
{
    /// <summary>Packets that found no space, once <see cref="SlotsOf"/> was asked.</summary>
    public long Missed { get; }

    /// <summary>How many slots are claimed where <paramref name="free"/> are free: no more than that.</summary>
    public uint SlotsOf(uint free);
}
