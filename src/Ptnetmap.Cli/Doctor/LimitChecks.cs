using Ptnetmap.Cli.Reports;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Doctor;

/// <summary>Descriptors and limits of this process.</summary>
internal static class LimitChecks
{
    private const string LimitsFile = "/proc/self/limits";

    // A port of 16 ring pairs takes 32 kicks, 32 interrupts and 16 timers: enough for a dozen such ports.
    private const long EnoughFiles = 1024;
    private const long EnoughLocked = 64L << 20;

    internal static IEnumerable<Check> Run() => [Wakeups(), OpenFiles(), LockedMemory(), User()];

    private static Check Wakeups()
    {
        try
        {
            using var doorbell = new EventFd();
            using var epoll = new Epoll();
            epoll.Watch(doorbell.Descriptor, 1);
            doorbell.Signal();
            return epoll.Wait(new EpollEvent[1], 1000) == 1
                ? Check.Good("eventfd and epoll", "a kick arrives")
                : Check.Bad("eventfd and epoll", "a kick does not arrive", "use another kernel");
        }
        catch (LinuxException refusal)
        {
            return Check.Bad("eventfd and epoll", refusal.Message,
                "allow eventfd and epoll (container or seccomp profile)");
        }
    }

    private static Check OpenFiles()
    {
        long limit = Limit("Max open files");
        return limit >= EnoughFiles
            ? Check.Good("open files", Show(limit))
            : Check.Poor("open files", $"{limit}: a ring takes two or three",
                "raise it: ulimit -n 4096, or LimitNOFILE=");
    }

    // NIC ports register their memory with the kernel, which locks it; and VFIO does in a guest.
    private static Check LockedMemory()
    {
        long limit = Limit("Max locked memory");
        return Capabilities.Has(Capabilities.IpcLock)
            ? Check.Good("locked memory", "without limit: this process has CAP_IPC_LOCK")
            : limit >= EnoughLocked ? Check.Good("locked memory", Show(limit))
            : Check.Poor(
                "locked memory",
                $"{limit >> 10} KiB: enough for switches, pipes, TAP and VMs, not for NIC ports (AF_XDP) or VFIO",
                "raise it for those: ulimit -l unlimited, or LimitMEMLOCK=infinity");
    }

    private static Check User()
    {
        string user = Environment.IsPrivilegedProcess ? "root" : Environment.UserName;
        return Capabilities.Has(Capabilities.NetAdmin)
            ? Check.Good("user", $"{user}: may have ports of all kinds")
            : Check.Good("user", $"{user}: switches, pipes, captures and VMs need no more; TAP and NIC ports need " +
                "root, or CAP_NET_ADMIN");
    }

    private static string Show(long limit) => limit == long.MaxValue ? "unlimited" : $"{limit}";

    // "Max open files            1024                 1048576              files"
    private static long Limit(string name)
    {
        foreach (string line in ProcFile.Read(LimitsFile)?.Split('\n') ?? [])
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                string soft =
                    line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
                return long.TryParse(soft, out long value) ? value : long.MaxValue;
            }
        }

        return long.MaxValue;
    }
}
