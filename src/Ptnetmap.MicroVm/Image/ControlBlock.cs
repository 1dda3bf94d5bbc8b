namespace Ptnetmap.MicroVm.Image;

/// <summary>Offsets in the guest's control page, to which RBP points, and of the counters behind it. All are 64-bit
/// words.</summary>
internal static class ControlBlock
{
    /// <summary>Not 0: come to an end. Written by the host.</summary>
    internal const int Stop = 0;

    /// <summary>Before sleeping: which rings' interrupts wake, a bit a ring.</summary>
    internal const int SleepMask = 8;

    /// <summary>Before sleeping: TSC ticks at most, 0 for ever.</summary>
    internal const int SleepTicks = 16;

    /// <summary>Rings in the wait list.</summary>
    internal const int WaitCount = 24;

    /// <summary>Ticks that the next wait takes at most, 0 for ever.</summary>
    internal const int WaitTicks = 32;

    /// <summary>Rings without slots, in a row.</summary>
    internal const int IdleRings = 40;

    /// <summary>Packets still to be sent or received.</summary>
    internal const int Remaining = 48;

    /// <summary>When the next burst is due, in ticks.</summary>
    internal const int NextDue = 56;

    /// <summary>The time stamp of the frame at hand.</summary>
    internal const int Stamp = 64;

    /// <summary>A word to spare.</summary>
    internal const int Scratch = 72;

    /// <summary>When the wait that is under way began, in ticks.</summary>
    internal const int WaitFrom = 80;

    /// <summary>Waits no longer than the guest's patience that it still sleeps through; 0: it looks first.</summary>
    internal const int WaitsToSleep = 88;

    /// <summary>What the one above was set to when the guest last looked in vain; half of it for each time since then
    /// that it found something.</summary>
    internal const int LookedInVain = 96;

    /// <summary>Eight masks: which bits of a frame's last word belong to it, by length modulo 8.</summary>
    internal const int TailMasks = 128;

    /// <summary>What the linear part of a frame's checksum grows by from frame to frame.</summary>
    internal const int LinearStep = 192;

    /// <summary>32 bytes: what words 0 to 3 of a frame grow by from frame to frame.</summary>
    internal const int HeadStep = 256;

    /// <summary>32 bytes: what words 4 to 7 grow by from frame to frame.</summary>
    internal const int PatternStep = 288;

    /// <summary>32 bytes: what four words grow by from one group of four to the next.</summary>
    internal const int GroupStep = 320;

    /// <summary>What a forwarded slot keeps of its first word: index, length, <c>NS_MOREFRAG</c>.</summary>
    internal const int SlotMask = 352;

    /// <summary>Where the counters begin; each has its own word.</summary>
    internal const int Counters = (int)(GuestMap.Counters - GuestMap.Control);

    internal const int Packets = Counters;
    internal const int Bytes = Counters + 8;
    internal const int Batches = Counters + 16;
    internal const int Kicks = Counters + 24;
    internal const int Sleeps = Counters + 32;
    internal const int Lost = Counters + 40;
    internal const int Duplicated = Counters + 48;
    internal const int Reordered = Counters + 56;
    internal const int Damaged = Counters + 64;
    internal const int Found = Counters + 72;
    internal const int Probed = Counters + 80;
    internal const int Waits = Counters + 88;
    internal const int StartTicks = Counters + 96;
    internal const int EndTicks = Counters + 104;
}
