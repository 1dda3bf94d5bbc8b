namespace Ptnetmap.Cli.Vm;

/// <summary>Where <c>eng/fetch-qemu</c> and <c>eng/fetch-kernel</c> put what they fetch.</summary>
internal static class QemuCache
{
    /// <summary>The folder.</summary>
    internal static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : "/tmp", ".cache"),
        "ptnet");

    /// <summary>The kernel that <c>eng/fetch-kernel</c> fetches, or has been pointed to; it may not be there.</summary>
    internal static string Kernel => Path.Combine(
        Environment.GetEnvironmentVariable("PTNET_KERNEL") is { Length: > 0 } folder ? folder : Path.Combine(Folder, "kernel-1"),
        "vmlinuz");
}
