using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.TestSupport;

/// <summary>What a test needs of the machine. When it is not there the test is skipped, and says for want of
/// what.</summary>
public static class Needs
{
    private const string KvmDevice = "/dev/kvm";

    /// <summary>A kernel that runs virtual machines, and the right to use it.</summary>
    public static void Kvm()
    {
        try
        {
            using FileStream device = new(KvmDevice, FileMode.Open, FileAccess.ReadWrite);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            Skip($"{KvmDevice} cannot be opened: {refusal.Message}");
        }
    }

    /// <summary>The right to do anything.</summary>
    public static void Root()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip("this test needs root");
        }
    }

    /// <summary>The right to make network namespaces and to load BPF programs, and a kernel with AF_XDP.</summary>
    public static void Xdp()
    {
        Root();
        try
        {
            using var space = NetworkNamespace.Create();
            using var map = BpfMap.Create("probe", BpfMapKind.XskMap, sizeof(int), 1);
        }
        catch (LinuxException refusal)
        {
            Skip($"this test needs network namespaces and AF_XDP: {refusal.Message}");
        }
    }

    /// <summary>A program that links: the native build needs one.</summary>
    public static void CCompiler()
    {
        if (FindProgram("gcc") is null && FindProgram("clang") is null)
        {
            Skip("neither gcc nor clang is installed");
        }
    }

    /// <summary>At least <paramref name="count"/> free pages in the kernel's pool of 2 MiB pages.</summary>
    public static void HugePages(int count)
    {
        int free = FreeHugePages();
        if (free < count)
        {
            Skip("this test needs " +
                $"{count} free hugepages, there are {free} (echo {count} > /proc/sys/vm/nr_hugepages)");
        }
    }

    /// <summary>Free pages in the kernel's pool of hugepages, but for those that are reserved.</summary>
    public static int FreeHugePages()
    {
        int Field(string name) =>
            File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
                is { } line ? int.Parse(line[name.Length..], CultureInfo.InvariantCulture) : 0;
        return Field("HugePages_Free:") - Field("HugePages_Rsvd:");
    }

    /// <summary>At least <paramref name="count"/> processors that run at the same time.</summary>
    public static void Processors(int count)
    {
        if (Environment.ProcessorCount < count)
        {
            Skip($"this test needs {count} processors, there are {Environment.ProcessorCount}");
        }
    }

    /// <summary>The full path of a program, null when it is not installed.</summary>
    public static string? FindProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(':',
            StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    [DoesNotReturn]
    private static void Skip(string reason) => Assert.Skip(reason);
}
