using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>What is done to frames that were copied as they are, before their receiver is shown them. A struct, so that
/// where it is nothing, nothing of it is compiled.</summary>
internal interface ISlotSeal
{
    /// <summary>Goes over slots that were filled.</summary>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="at">First slot.</param>
    /// <param name="slots">Number of slots.</param>
    /// <param name="vlan">The frames' VLAN, on a switch that has some.</param>
    public void Put(Kring rx, uint at, int slots, FrameVlan vlan);
}
