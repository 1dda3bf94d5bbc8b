using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary>Identity page tables for a guest: 2 MiB pages, user-accessible and writable at every level.
/// <code>
/// page 0: level 4   page 1: level 3 (512 GiB)   page 2 on: level 2, one for each GiB that has something in it
/// </code></summary>
public sealed class KvmPageTables
{
    /// <summary>Bytes that one entry maps.</summary>
    public const ulong PageSize = 2 << 20;

    /// <summary>First address that the tables cannot map.</summary>
    public const ulong End = 1UL << 39;

    private const int TableSize = 4096;
    private const int EntriesPerTable = 512;
    private const ulong PresentWritableUser = 0x7;
    private const ulong Large = 0x80;

    private readonly MemoryMapping _memory;
    private readonly ulong _address;
    private int _used = 2;

    /// <summary>Lays tables out in <paramref name="memory"/>, zeroed, which the guest sees at
    /// <paramref name="address"/>.</summary>
    public KvmPageTables(MemoryMapping memory, ulong address)
    {
        _memory = memory;
        _address = address;
        Entry(0, 0) = (address + TableSize) | PresentWritableUser;
    }

    /// <summary>What goes into CR3.</summary>
    public ulong Root => _address;

    /// <summary>Bytes of tables that <paramref name="gibibytes"/> different GiB of address space need at
    /// most.</summary>
    public static long SizeFor(int gibibytes) => (2L + gibibytes) * TableSize;

    /// <summary>Maps every 2 MiB page that <paramref name="length"/> bytes from <paramref name="address"/> on
    /// touch.</summary>
    public void Map(ulong address, ulong length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address + length, End);
        for (ulong page = address & ~(PageSize - 1); page < address + length; page += PageSize)
        {
            int gibibyte = (int)(page >> 30);
            int within = (int)((page >> 21) % EntriesPerTable);
            Entry(LevelTwoTable(gibibyte), within) = page | PresentWritableUser | Large;
        }
    }

    private int LevelTwoTable(int gibibyte)
    {
        ref ulong entry = ref Entry(1, gibibyte);
        if (entry == 0)
        {
            int table = _used++;
            ArgumentOutOfRangeException.ThrowIfGreaterThan((table + 1L) * TableSize, _memory.Length, nameof(gibibyte));
            entry = (_address + ((ulong)table * TableSize)) | PresentWritableUser;
        }

        return (int)(((entry & ~0xFFFUL) - _address) / TableSize);
    }

    private ref ulong Entry(int table, int index) =>
        ref MemoryMarshal.Cast<byte, ulong>(_memory.Span)[(table * EntriesPerTable) + index];
}
