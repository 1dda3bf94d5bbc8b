using Ptnetmap.Cli.Reports;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;

namespace Ptnetmap.Cli.Doctor;

/// <summary>What the daemon's kinds of ports and its virtual machines need, a line each with what it is for.</summary>
internal static class PortChecks
{
    private const string Tun = "/dev/net/tun";

    // BPF programs at an interface's ingress and egress that go with a link.
    private static readonly Version FirstTcx = new(6, 6);

    internal static IEnumerable<Check> Run() => [Tap(), Bpf(), Xdp(), Tcx(), Qemu()];

    private static Check Tap()
    {
        const string name = "TAP";
        const string use = "ports tap:NAME";
        try
        {
            using FileStream device = new(Tun, FileMode.Open, FileAccess.ReadWrite);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return Check.Poor(name, $"no {use}: {refusal.Message}", $"modprobe tun; in a container: pass {Tun} in");
        }

        return Capabilities.Has(Capabilities.NetAdmin)
            ? Check.Good(name, $"{use}: {Tun} opens, and interfaces may be made")
            : Check.Poor(name, $"no {use}: this process has no CAP_NET_ADMIN",
                "run the daemon as root, or with that capability");
    }

    private static Check Bpf()
    {
        const string name = "BPF";
        const string use = "ports netmap:INTERFACE and netmap:INTERFACE^";
        try
        {
            using var map = BpfMap.Create("doctor", BpfMapKind.XskMap, sizeof(int), 1);
            return Check.Good(name, $"{use}: a map was made");
        }
        catch (LinuxException refusal)
        {
            return Check.Poor(name, $"no {use}: {refusal.Message}",
                "run the daemon as root, or with CAP_BPF, CAP_NET_ADMIN and CAP_NET_RAW");
        }
    }

    private static Check Xdp()
    {
        const string name = "AF_XDP";
        const string use = "ports netmap:INTERFACE";
        string protocols = ProcFile.Read("/proc/net/protocols") ?? "";
        bool isThere = protocols.Split('\n').Any(line => line.StartsWith("XDP ", StringComparison.Ordinal));
        return !isThere
            ? Check.Poor(name, $"no {use}: the kernel has no AF_XDP sockets", "use a kernel with CONFIG_XDP_SOCKETS")
            : Capabilities.Has(Capabilities.NetRaw)
                ? Check.Good(name, $"{use}: the kernel has it, and sockets may be opened")
                : Check.Poor(name, $"no {use}: this process has no CAP_NET_RAW",
                    "run the daemon as root, or with that capability");
    }

    private static Check Tcx()
    {
        const string name = "tcx";
        const string use = "ports netmap:INTERFACE^ (switch attach --host)";
        return ProcessorChecks.Release() is { } release && release >= FirstTcx
            ? Check.Good(name, $"{use}: Linux {release}")
            : Check.Poor(name, $"no {use}: they need Linux {FirstTcx}", $"use Linux {FirstTcx} or later");
    }

    private static Check Qemu()
    {
        const string name = "QEMU";
        const string use = "vm run, vm args, demo --guests qemu";
        try
        {
            return Check.Good(name, $"{use}: {QemuFinder.Find(null)} has vfio-user");
        }
        catch (FileNotFoundException none)
        {
            string[] parts = none.Message.Split("; ", 2);
            return Check.Poor(name, $"no {use}: {parts[0]}", parts[^1]);
        }
    }
}
