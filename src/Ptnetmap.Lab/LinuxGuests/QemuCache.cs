namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>Where <c>eng/fetch-qemu</c> and <c>eng/fetch-kernel</c> put what they fetch.</summary>
public static class QemuCache
{
    /// <summary>The folder.</summary>
    public static string Folder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(
                Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : "/tmp", ".cache"),
        "ptnet");

    /// <summary>The kernel that <c>eng/fetch-kernel</c> fetches, or has been pointed to; it may not be there.</summary>
    public static string Kernel => Path.Combine(
        Environment.GetEnvironmentVariable("PTNET_KERNEL") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Folder, "kernel-1"),
        "vmlinuz");
}
