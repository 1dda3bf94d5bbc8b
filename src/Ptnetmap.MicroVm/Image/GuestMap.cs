using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.MicroVm.Image;

/// <summary>The guest's physical space; what is mapped is mapped one to one.
/// <code>
/// 0            page tables (not mapped: the guest has no business there)
/// 2 MiB        the guest's own memory: code, control block, counters, histogram, ring table, task state, stack,
///              senders' turns
/// 1 GiB        the ports' CSBs, 2 MiB apart
/// 4 GiB        the regions, one behind the other; each as far from a 2 MiB boundary as it is in this process, so that
///              KVM can use large pages
/// </code></summary>
internal static class GuestMap
{
    internal const ulong Tables = 0;
    internal const ulong Own = 0x20_0000;
    internal const int OwnSize = 0x20_0000;
    internal const ulong Csb = 0x4000_0000;
    internal const ulong Regions = 0x1_0000_0000;

    internal const int CodeSize = 0x1_0000;
    internal const ulong Code = Own;
    internal const ulong Control = Own + 0x1_0000;
    internal const ulong Counters = Own + 0x1_1000;
    internal const ulong Histogram = Own + 0x1_2000;
    internal const ulong RingTable = Own + 0x1_6000;
    internal const ulong FlowTable = Own + 0x1_B000;
    internal const ulong WaitList = Own + 0x1_C000;
    internal const ulong TaskState = Own + 0x2_0000;
    internal const ulong StackTop = Own + 0x4_0000;
    internal const ulong TurnTable = Own + 0x5_0000;
    internal const int TurnTableSize = 0x1_0000;

    internal const ushort KickPort = 0x1000;
    internal const ushort SleepPort = 0x1400;
    internal const ushort ExitPort = 0x1404;
    internal const ushort AssistPort = 0x1408;

    internal const ulong Page = KvmPageTables.PageSize;
}
