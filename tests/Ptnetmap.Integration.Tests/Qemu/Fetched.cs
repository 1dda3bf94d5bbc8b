using System.Diagnostics;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>What the scripts in eng/ fetch; a test that needs it is skipped when it cannot be had.</summary>
internal static class Fetched
{
    private const int Unavailable = 77;

    /// <summary>The program that starts QEMU 11.</summary>
    internal static Task<string> QemuAsync() => RunAsync("eng/fetch-qemu");

    /// <summary>The folder with vmlinuz, busybox and modules.</summary>
    internal static Task<string> KernelAsync() => RunAsync("eng/fetch-kernel");

    private static async Task<string> RunAsync(string script)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ProcessStartInfo start = new(Path.Combine(Tree.Root, script))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        string output = (await process.StandardOutput.ReadToEndAsync(cancellation)).Trim();
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == Unavailable)
        {
            Assert.Skip($"{script}: {(await errors).Trim()}");
        }

        Assert.True(process.ExitCode == 0, $"{script}: {await errors}");
        return output;
    }
}
