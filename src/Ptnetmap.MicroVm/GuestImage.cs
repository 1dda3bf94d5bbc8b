using Ptnetmap.Memory;

namespace Ptnetmap.MicroVm;

/// <summary>A guest before it starts: its memory with ring table, parameters and code, and the areas that become KVM
/// memory slots.</summary>
internal sealed class GuestImage : IDisposable
{
    private const int GibibyteShift = 30;
    private const int FixedGibibytes = 4;

    private readonly List<GuestArea> _areas = [];
    private readonly List<GuestRing> _rings = [];
    private readonly Dictionary<MemoryRegion, ulong> _regionAddresses = [];

    private GuestImage(MicroVmOptions options, int tscKilohertz)
    {
        Options = options;
        TscKilohertz = tscKilohertz;
        PlaceRegions();
        ulong end = Math.Max(_areas.Count == 0 ? 0 : _areas.Max(a => a.Address + (ulong)a.Length), options.Program.MapsUpTo);
        Memory = new GuestMemory(options.Name, (int)(end >> GibibyteShift) + 1 + FixedGibibytes);
    }

    internal MicroVmOptions Options { get; }

    internal GuestMemory Memory { get; }

    internal IReadOnlyList<GuestArea> Areas => _areas;

    /// <summary>All rings, in the order of their bits in the sleep mask: port by port, tx rings first.</summary>
    internal IReadOnlyList<GuestRing> Rings => _rings;

    internal int TscKilohertz { get; }

    /// <summary>Lays out everything that the machine's options ask for.</summary>
    /// <exception cref="ArgumentException">The program and the ports do not go together.</exception>
    internal static GuestImage Build(MicroVmOptions options, int tscKilohertz)
    {
        int rings = options.Ports.Sum(port => port.Shape.Rings);
        if (rings > MicroVirtualMachine.MaxRings)
        {
            throw new ArgumentException(
                $"machine {options.Name}: {rings} rings, at most {MicroVirtualMachine.MaxRings}", nameof(options));
        }

        var image = new GuestImage(options, tscKilohertz);
        try
        {
            image.Fill();
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    internal IEnumerable<GuestRing> RingsOf(int port, RingDirection direction) =>
        _rings.Where(ring => ring.Port == port && ring.Direction == direction);

    public void Dispose() => Memory.Dispose();

    private void PlaceRegions()
    {
        ulong next = GuestMap.Regions;
        foreach (MemoryRegion region in Options.Ports.Select(port => port.Region).Distinct())
        {
            ulong address = next + (ulong)region.Range.OffsetIn((long)GuestMap.Page);
            _regionAddresses[region] = address;
            _areas.Add(new GuestArea($"region {region.Name}", address, region.Range.Slice(0, region.Layout.Size)));
            next = (address + (ulong)region.Layout.Size + GuestMap.Page) & ~(GuestMap.Page - 1);
        }
    }

    private void Fill()
    {
        for (int i = 0; i < Options.Ports.Count; i++)
        {
            CsbMemory csb = Options.Ports[i].Csb;
            _areas.Add(new GuestArea($"CSB {i}", CsbAddress(i), csb.Range));
            AddRings(i, Options.Ports[i]);
        }

        Memory.PageTables.Map(0, Options.Program.MapsUpTo);
        foreach (GuestArea area in _areas)
        {
            Memory.PageTables.Map(area.Address, (ulong)area.Length);
        }

        _areas.Add(new GuestArea("own memory", GuestMap.Own, Memory.Own.Range.Slice(0, GuestMap.OwnSize)));
        _areas.Add(new GuestArea("page tables", GuestMap.Tables, Memory.Tables.Range));
        byte[] code = Options.Program.Assemble(this);
        if (code.Length > GuestMap.CodeSize)
        {
            throw new ArgumentException($"machine {Options.Name}: {code.Length} bytes of code, at most {GuestMap.CodeSize}");
        }

        code.CopyTo(Memory.Bytes(GuestMap.Code));
    }

    private static ulong CsbAddress(int port) => GuestMap.Csb + ((ulong)port * GuestMap.Page);

    private void AddRings(int index, MicroVmPort port)
    {
        for (int i = 0; i < port.Shape.TxRings; i++)
        {
            AddRing(index, port, RingDirection.Tx, i, RingOffsets.Tx(i), port.Shape.TxSlots, i);
        }

        for (int i = 0; i < port.Shape.RxRings; i++)
        {
            int entry = RingOffsets.Rx(port.Shape.TxRings, RingOffsets.HostRings, i);
            AddRing(index, port, RingDirection.Rx, i, entry, port.Shape.RxSlots, port.Shape.TxRings + i);
        }
    }

    private void AddRing(int index, MicroVmPort port, RingDirection direction, int id, int offsetEntry, int slots, int csb)
    {
        long offset = port.InterfaceOffset + port.Region.InterfaceAt(port.InterfaceOffset).GetRingOffset(offsetEntry);
        NetmapRingHeader header = port.Region.RingAt(offset, (uint)slots).Header;
        ulong region = _regionAddresses[port.Region];
        ulong ring = region + (ulong)offset;
        ulong entry = GuestMap.RingTable + ((ulong)_rings.Count * RingEntry.Size);
        Memory.Word(entry + RingEntry.Header) = ring;
        Memory.Word(entry + RingEntry.Slots) = ring + NetmapAbi.RingHeaderSize;
        Memory.Word(entry + RingEntry.Buffers) = ring + (ulong)header.BufferOffset;
        Memory.Word(entry + RingEntry.Atok) = CsbAddress(index) + (ulong)(csb * NetmapAbi.CsbEntrySize);
        Memory.Word(entry + RingEntry.Ktoa) =
            CsbAddress(index) + CsbMemory.KernelOffset + (ulong)(csb * NetmapAbi.CsbEntrySize);
        Memory.Word32(entry + RingEntry.SlotCount) = header.SlotCount;
        Memory.Word32(entry + RingEntry.BufferSize) = header.BufferSize;
        Memory.Word32(entry + RingEntry.KickPort) = KickPort(_rings.Count);
        Memory.Word(entry + RingEntry.MaskBit) = 1UL << _rings.Count;
        _rings.Add(new GuestRing(entry, index, direction, id, header.BufferSize, region));
    }

    internal static ushort KickPort(int ring) => (ushort)(GuestMap.KickPort + (ring * sizeof(uint)));
}
