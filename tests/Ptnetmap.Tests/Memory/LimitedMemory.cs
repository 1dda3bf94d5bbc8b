using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>Limits of a machine of the test's own, which has as much memory left as the test says.</summary>
internal sealed class LimitedMemory : IDisposable
{
    private const long KiB = 1 << 10;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ptnet-limits-");

    internal LimitedMemory(long available)
    {
        Limits = new MemoryLimits(_root.FullName);
        Directory.CreateDirectory(Path.Combine(_root.FullName, "proc"));
        Available = available;
    }

    internal MemoryLimits Limits { get; }

    /// <summary>Bytes that are left, but for the 16 MiB that nobody gets.</summary>
    internal long Available
    {
        set => File.WriteAllText(Path.Combine(_root.FullName, "proc/meminfo"),
            $"MemTotal: {1L << 30} kB\nMemAvailable: {(value / KiB) + (16 * KiB)} kB\n");
    }

    /// <summary>A region of small pages, under these limits.</summary>
    internal MemoryRegion Region(string name = "limited", int ports = 1, int slots = 1024) =>
        MemoryRegion.Create(
            new RegionRequest { Name = name, Ports = ports, Slots = slots, HugePages = HugePagePolicy.Off }, Limits);

    public void Dispose() => _root.Delete(recursive: true);
}
