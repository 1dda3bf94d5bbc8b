using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ptnetmap.Tests.Linux.Net;

/// <summary>Runs something on a thread with a network of its own, which is gone with the thread: nothing of it is seen
/// outside.</summary>
internal static class OwnNetwork
{
    private const int NewNetwork = 0x4000_0000;

    /// <summary>Runs it; what it throws is thrown.</summary>
    internal static void Run(Action action)
    {
        Needs.Root();
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Skip("/dev/net/tun is not there");
        }

        Exception? failure = null;
        var thread = new Thread(() =>
        {
            failure = Record.Exception(() =>
            {
                Assert.Equal(0, Unshare(NewNetwork));
                action();
            });
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException(failure.Message, failure);
        }
    }

    /// <summary>Runs <c>ip</c> in the calling thread's network.</summary>
    internal static void Ip(params string[] arguments)
    {
        if (Needs.FindProgram("ip") is not { } ip)
        {
            Assert.Skip("ip is not installed");
            return;
        }

        using Process process = Process.Start(ip, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

#pragma warning disable SYSLIB1054 // The generated kind needs unsafe code, which test projects do without.
    [DllImport("libc", EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unshare(int flags);
#pragma warning restore SYSLIB1054
}
