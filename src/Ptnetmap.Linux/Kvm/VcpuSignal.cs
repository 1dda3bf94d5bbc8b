namespace Ptnetmap.Linux.Kvm;

/// <summary>The signal that takes a vCPU's thread out of its guest. No handler is installed: the thread blocks it, KVM
/// lets it through only while the guest runs (<see cref="KvmVcpu.UnblockSignalWhileRunning"/>), and the thread takes
/// it off its queue afterwards. A signal that comes between two runs stays pending and ends the next one at once, so
/// none is lost.</summary>
public static unsafe class VcpuSignal
{
    // Real-time; glibc keeps 32 and 33, .NET uses 34.
    private const int Number = 42;
    private const int Block = 0;
    private const int SetWords = 16;

    internal const ulong Mask = 1UL << (Number - 1);

    /// <summary>Blocks the signal in the calling thread, for the rest of its life.</summary>
    public static void BlockInThisThread()
    {
        ulong* set = stackalloc ulong[SetWords];
        new Span<ulong>(set, SetWords).Clear();
        set[0] = Mask;
        _ = KvmNative.ThreadSignalMask(Block, set, null);
    }

    /// <summary>Takes a pending signal off the calling thread's queue.</summary>
    public static bool TryConsume()
    {
        ulong* set = stackalloc ulong[SetWords];
        new Span<ulong>(set, SetWords).Clear();
        set[0] = Mask;
        TimeSpec now = default;
        return KvmNative.SignalTimedWait(set, null, &now) == Number;
    }

    /// <summary>Sends it to <paramref name="thread"/> (<see cref="LinuxThread.Id"/>) of this process, which blocks
    /// it.</summary>
    public static void Send(int thread) => _ = KvmNative.TgKill(KvmNative.GetProcessId(), thread, Number);

    internal static ulong ThreadMask()
    {
        ulong* set = stackalloc ulong[SetWords];
        new Span<ulong>(set, SetWords).Clear();
        _ = KvmNative.ThreadSignalMask(Block, null, set);
        return set[0];
    }
}
