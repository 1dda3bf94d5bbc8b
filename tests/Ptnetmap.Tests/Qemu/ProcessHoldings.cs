namespace Ptnetmap.Tests.Qemu;

/// <summary>What this process holds of the kernel: open files, and mappings of shared memory. Counted before and after
/// something that is to leave nothing behind, by a test that runs alone.</summary>
/// <param name="Files">Open descriptors.</param>
/// <param name="Mappings">Mappings of memfds, the runtime's own apart.</param>
internal readonly record struct ProcessHoldings(int Files, int Mappings)
{
    internal static ProcessHoldings Count() => new(
        Directory.GetFiles("/proc/self/fd").Length,
        File.ReadLines("/proc/self/maps").Count(line =>
            line.Contains("/memfd:", StringComparison.Ordinal) && !line.Contains("doublemapper", StringComparison.Ordinal)));
}
