namespace Ptnetmap.Abi;

/// <summary>Flags of a slot (<c>NS_*</c> in <c>netmap.h</c>). The high byte is a number of its own: the destination
/// port on a VALE switch when not 0 (tx), the number of fragments of the packet (rx).</summary>
[Flags]
public enum SlotFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>NS_BUF_CHANGED</c>: the slot points at another buffer than before.</summary>
    BufferChanged = 0x01,

    /// <summary><c>NS_REPORT</c>: tell as soon as this one is sent.</summary>
    Report = 0x02,

    /// <summary><c>NS_FORWARD</c>: pass on to the other side of a NIC's host rings.</summary>
    Forward = 0x04,

    /// <summary><c>NS_NO_LEARN</c>: a switch does not learn this frame's source address.</summary>
    NoLearn = 0x08,

    /// <summary><c>NS_INDIRECT</c>: the data is at <see cref="NetmapSlot.Pointer"/>, not in a buffer (refused
    /// here).</summary>
    Indirect = 0x10,

    /// <summary><c>NS_MOREFRAG</c>: the packet goes on in the next slot.</summary>
    MoreFragments = 0x20,

    /// <summary><c>NS_TXMON</c>: seen by a monitor as sent, not received.</summary>
    TxMonitor = 0x40,
}
