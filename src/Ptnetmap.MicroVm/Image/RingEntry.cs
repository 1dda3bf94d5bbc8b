namespace Ptnetmap.MicroVm.Image;

/// <summary>Offsets in an entry of the guest's ring table, to which RBX points during a ring's turn.</summary>
internal static class RingEntry
{
    internal const int Size = 256;

    /// <summary>Address of slot 0.</summary>
    internal const int Slots = 0;

    /// <summary>Address of buffer 0.</summary>
    internal const int Buffers = 8;

    /// <summary>Address of the application's CSB entry.</summary>
    internal const int Atok = 16;

    /// <summary>Address of the kernel's CSB entry.</summary>
    internal const int Ktoa = 24;

    /// <summary>Number of slots (u32).</summary>
    internal const int SlotCount = 32;

    /// <summary>Bytes of a buffer (u32).</summary>
    internal const int BufferSize = 36;

    /// <summary>The port whose write kicks (u32).</summary>
    internal const int KickPort = 40;

    /// <summary>The guest's head (u32); cur is always the same.</summary>
    internal const int Head = 44;

    /// <summary>hwtail as last seen (u32).</summary>
    internal const int Tail = 48;

    /// <summary>Slots of this turn (u32).</summary>
    internal const int Batch = 52;

    /// <summary>Slots of this turn that are not done yet (u32).</summary>
    internal const int Left = 56;

    /// <summary>The ring's bit in the sleep mask (u64).</summary>
    internal const int MaskBit = 64;

    /// <summary>Sender: pattern of the next frame. Receiver: sequence number expected next (u64).</summary>
    internal const int Sequence = 72;

    /// <summary>Sender: linear part of the next frame's checksum. Receiver: which of the last 64 numbers came
    /// (u64).</summary>
    internal const int Linear = 80;

    /// <summary>Address of the ring's header (u64).</summary>
    internal const int Header = 88;

    /// <summary>Words 0 to 3 of the next frame (32 bytes).</summary>
    internal const int FrameHead = 128;

    /// <summary>Words 4 to 7 of the next frame, checksum not filled in (32 bytes).</summary>
    internal const int FramePattern = 160;

    /// <summary>Sender to several: address of what its next turn changes (u64).</summary>
    internal const int TurnAt = 192;

    /// <summary>Sender to several: frames left in this turn (u32).</summary>
    internal const int TurnLeft = 200;
}
