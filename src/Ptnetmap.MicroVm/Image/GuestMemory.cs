using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.MicroVm.Image;

/// <summary>A guest's own memory and its page tables, by guest-physical address.</summary>
internal sealed class GuestMemory : IDisposable
{
    private readonly FileDescriptor _tablesFile;
    private readonly FileDescriptor _ownFile;

    internal GuestMemory(string name, int gibibytes)
    {
        long tablesSize = KvmPageTables.SizeFor(gibibytes);
        _tablesFile = MemFd.CreateSealed($"ptnet-vm-{name}-tables", tablesSize);
        _ownFile = MemFd.CreateSealed($"ptnet-vm-{name}", GuestMap.OwnSize);
        Tables = MemoryMapping.Map(_tablesFile, tablesSize);
        Own = MemoryMapping.Map(_ownFile, GuestMap.OwnSize);
        PageTables = new KvmPageTables(Tables, GuestMap.Tables);
        PageTables.Map(GuestMap.Own, GuestMap.OwnSize);
        KvmTaskState.Initialise(Bytes(GuestMap.TaskState));
    }

    internal MemoryMapping Tables { get; }

    internal MemoryMapping Own { get; }

    internal KvmPageTables PageTables { get; }

    /// <summary>The bytes from <paramref name="address"/> to the end of the guest's own memory.</summary>
    internal Span<byte> Bytes(ulong address) => Own.Span[(int)(address - GuestMap.Own)..];

    /// <summary>The word at <paramref name="address"/>.</summary>
    internal ref ulong Word(ulong address) => ref MemoryMarshal.AsRef<ulong>(Bytes(address));

    /// <summary>The 32-bit word at <paramref name="address"/>.</summary>
    internal ref uint Word32(ulong address) => ref MemoryMarshal.AsRef<uint>(Bytes(address));

    /// <summary>The control block's word at <paramref name="offset"/>.</summary>
    internal ref ulong Control(int offset) => ref Word(GuestMap.Control + (ulong)offset);

    public void Dispose()
    {
        Tables.Dispose();
        Own.Dispose();
        _tablesFile.Dispose();
        _ownFile.Dispose();
    }
}
