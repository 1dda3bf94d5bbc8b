namespace Ptnetmap.Tests.Qemu;

/// <summary>What this process holds of the kernel: open files, and mappings of shared memory. Counted before and after
/// something that is to leave nothing behind, by a test that runs alone.</summary>
/// <param name="Files">Open descriptors.</param>
/// <param name="Mappings">Mappings of memfds, the runtime's own apart.</param>
internal readonly record struct ProcessHoldings(int Files, int Mappings)
{
    internal static ProcessHoldings Count()
    {
        // What tests before this one left to the finalizers is closed now, not in the middle.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ProcessHoldings(
            Directory.GetFiles("/proc/self/fd").Length,
            File.ReadLines("/proc/self/maps").Count(line =>
                line.Contains("/memfd:", StringComparison.Ordinal)
                    && !line.Contains("doublemapper", StringComparison.Ordinal)));
    }
}
