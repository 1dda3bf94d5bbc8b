using Ptnetmap.Cli.Reports;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Cli.Doctor;

/// <summary>Sealed shared memory, and how large its pages can be.</summary>
internal static class MemoryChecks
{
    private const string HugePages = "/sys/kernel/mm/hugepages/hugepages-2048kB";
    private const int PageMib = 2;

    // Two regions of the demonstration, with 16384 slots a ring.
    private const long DemoMib = 256;

    internal static IEnumerable<Check> Run() =>
        [SealedMemory(), HugeTlb(), Transparent(), Free(), SharedMemoryFolder()];

    private static Check SealedMemory()
    {
        try
        {
            using FileDescriptor file = MemFd.CreateSealed("ptnet-doctor", NetmapAbi.PageSize);
            using MemoryMapping mapping = MemoryMapping.Map(file, NetmapAbi.PageSize);
            return (MemFd.GetSeals(file) & MemFd.SizeSeals) == MemFd.SizeSeals
                ? Check.Good("memfd", "sealed against shrinking and growing")
                : Check.Bad("memfd", "the kernel does not keep the seals",
                    "regions could be cut from outside: use another kernel");
        }
        catch (LinuxException refusal)
        {
            return Check.Bad("memfd", refusal.Message,
                "allow memfd_create, ftruncate and mmap (container or seccomp profile)");
        }
    }

    private static Check HugeTlb()
    {
        long pages = ProcFile.Number($"{HugePages}/nr_hugepages") ?? 0;
        long free = ProcFile.Number($"{HugePages}/free_hugepages") ?? 0;
        long wanted = DemoMib / PageMib;
        return free >= wanted
            ? Check.Good("hugetlb pool", $"{free} of {pages} pages of 2 MiB free")
            : Check.Poor(
                "hugetlb pool", $"{free} of {pages} pages of 2 MiB free: regions use small or transparent pages",
                $"echo {wanted} > /proc/sys/vm/nr_hugepages (as root; --hugepages required then insists on them)");
    }

    private static Check Transparent() => TransparentHugePages.AllowedForSharedMemory()
        ? Check.Good("transparent hugepages", "allowed for shared memory")
        : Check.Poor(
            "transparent hugepages", "off for shared memory",
            $"echo advise > {TransparentHugePages.SettingPath} (as root)");

    private static Check Free()
    {
        string text = (ProcFile.Field("/proc/meminfo", "MemAvailable") ?? "0").Split(' ')[0];
        long mib = long.TryParse(text, out long kib) ? kib / 1024 : 0;
        return mib >= DemoMib
            ? Check.Good("memory", $"{mib} MiB available")
            : Check.Poor("memory", $"{mib} MiB available; the demonstration takes up to {DemoMib}",
                "use fewer --slots");
    }

    private static Check SharedMemoryFolder() =>
        Check.Good("/dev/shm", "not used: regions are memfds and leave no files");
}
