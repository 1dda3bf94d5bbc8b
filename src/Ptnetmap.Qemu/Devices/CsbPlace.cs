using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Devices;

/// <summary>The CSB in a guest's memory: where the guest says that its two arrays are, and their mapping here. Both are
/// found by the map of its memory, never by trust.</summary>
internal sealed class CsbPlace : IDisposable
{
    private readonly int _rings;
    private ClientMemory? _atok;
    private ClientMemory? _ktoa;
    private ClientRange? _atokRange;
    private ClientRange? _ktoaRange;

    internal CsbPlace(int rings) => _rings = rings;

    /// <summary>Guest-physical address of the atok array; as the registers have it.</summary>
    internal ulong Atok { get; set; }

    /// <summary>Guest-physical address of the ktoa array.</summary>
    internal ulong Ktoa { get; set; }

    internal bool IsProgrammed => (Atok | Ktoa) != 0;

    internal bool IsMapped => _atok is not null;

    /// <summary>True when the guest, or its client, took pages away that are mapped here.</summary>
    internal bool IsLost => (_atok?.IsLost ?? false) || (_ktoa?.IsLost ?? false);

    private ulong Bytes => (ulong)_rings * NetmapAbi.CsbEntrySize;

    public void Dispose() => Release();

    /// <summary>Translates and maps both arrays.</summary>
    /// <exception cref="VfioUserException">An array is not aligned, or no memory of the guest's that can be
    /// used.</exception>
    internal void Map(ClientMap memory, bool allowUnsealed)
    {
        Release();
        try
        {
            (_atok, _atokRange) = Map(memory, Atok, "atok", allowUnsealed);
            (_ktoa, _ktoaRange) = Map(memory, Ktoa, "ktoa", allowUnsealed);
        }
        catch
        {
            Release();
            throw;
        }
    }

    internal CsbHostView[] Views()
    {
        var views = new CsbHostView[_rings];
        for (int i = 0; i < _rings; i++)
        {
            views[i] = ClientMemory.Host(_atok!, _ktoa!, i);
        }

        return views;
    }

    internal bool Uses(ClientRange range) => _atokRange == range || _ktoaRange == range;

    /// <summary>A pass that does not end may use the mapping: it stays, for as long as the process lives.</summary>
    internal void Strand()
    {
        Quiescence.Keep((_atok, _ktoa));
        (_atok, _ktoa) = (null, null);
        Release();
    }

    internal void Release()
    {
        _atok?.Dispose();
        _ktoa?.Dispose();
        _atok = null;
        _ktoa = null;
        _atokRange = null;
        _ktoaRange = null;
    }

    private (ClientMemory Memory, ClientRange Range) Map(ClientMap memory, ulong address, string what,
        bool allowUnsealed)
    {
        if (address % NetmapAbi.CsbEntrySize != 0 || address == 0)
        {
            throw new VfioUserException(
                $"CSB: {what} at 0x{address:x} is not aligned to {NetmapAbi.CsbEntrySize} bytes");
        }

        try
        {
            return memory.TryMap(address, Bytes, allowUnsealed, out ClientRange? range, out ClientMemory? mapping)
                ? (mapping, range)
                : throw new VfioUserException(
                    Errno.Fault,
                    $"CSB: {what}, {Bytes} bytes at 0x{address:x}, is no memory of the guest's that the device may " +
                    "write (share=on, and a guest kernel with iommu=pt where there is a vIOMMU)");
        }
        catch (LinuxException refusal)
        {
            throw new VfioUserException(Errno.Fault, $"CSB: {what} at 0x{address:x}: {refusal.Message}", refusal);
        }
    }
}
