using System.Diagnostics;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>Finds a QEMU that has vfio-user: 10.1 and later, when built with it.</summary>
public static class QemuFinder
{
    /// <summary>The environment variable that names one.</summary>
    public const string Variable = "PTNET_QEMU";

    private const string Program = "qemu-system-x86_64";
    private const string Device = "vfio-user-pci";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string[] KnownPlaces = ["/usr/local/bin", "/usr/bin", "/opt/qemu/bin", "/usr/libexec"];

    /// <summary>The QEMU to use: <paramref name="option"/>, else what the variable names, else the first one of PATH,
    /// the known places and the cache of <c>eng/fetch-qemu</c> that has vfio-user.</summary>
    /// <exception cref="FileNotFoundException">There is none, or the one that was named has no vfio-user.</exception>
    public static string Find(string? option)
    {
        string? variable = Environment.GetEnvironmentVariable(Variable);
        if (option is not null || !string.IsNullOrEmpty(variable))
        {
            string named = option ?? variable!;
            return HasVfioUser(named) ? named : throw new FileNotFoundException(
                $"{named} (from " +
                $"{(option is not null ? "--qemu" : Variable)}) cannot be run or has no {Device} device; {Remedy}");
        }

        string[] candidates = [.. Candidates().Where(File.Exists)];
        return candidates.FirstOrDefault(HasVfioUser) ?? throw new FileNotFoundException(candidates.Length == 0
            ? $"no {Program} here; {Remedy}"
            : $"none of {string.Join(", ", candidates)} has a {Device} device; {Remedy}");
    }

    /// <summary>True when the program is a QEMU with the device.</summary>
    public static bool HasVfioUser(string path)
    {
        ProcessStartInfo start = new(path, ["-device", "help"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(Patience);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            string output = process.StandardOutput.ReadToEndAsync(limit.Token).GetAwaiter().GetResult();
            return errors.GetAwaiter().GetResult().Length >= 0
                && output.Contains($"\"{Device}\"", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return false;
        }
    }

    private static string Remedy =>
        "install QEMU 10.1 or later, name one with --qemu or " +
        $"{Variable}, or fetch one without root: eng/fetch-qemu (in the sources)";

    private static IEnumerable<string> Candidates()
    {
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (string folder in path.Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(KnownPlaces))
        {
            yield return Path.Combine(folder, Program);
        }

        yield return Path.Combine(QemuCache.Folder, "qemu-1", Program);
    }
}
