using System.Diagnostics;
using System.Runtime.InteropServices;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Vm;

/// <summary>A QEMU in the foreground: it has our terminal, and Ctrl-C, SIGTERM, SIGQUIT or the terminal's end
/// (SIGHUP) ends it and then us; a signal that comes again changes nothing, for QEMU has 5 s and is killed then. No
/// other signal that can be listened to ends us and leaves it behind.</summary>
internal static class QemuRun
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs it to its end.</summary>
    /// <returns>QEMU's exit code, or that of an interrupted command.</returns>
    internal static int Run(string program, IEnumerable<string> arguments)
    {
        using var terminal = new TerminalSettings();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ask);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Ask);
        PosixSignalRegistration[] ignored = [.. StopSignal.IgnoreOthers(_ => { })];
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        Wait(process, asked.Task).GetAwaiter().GetResult();
        Array.ForEach(ignored, registration => registration.Dispose());
        return asked.Task.IsCompleted ? ExitCode.Interrupted : process.ExitCode;

        void Ask(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = asked.TrySetResult();
        }
    }

    private static async Task Wait(Process process, Task asked)
    {
        Task ended = process.WaitForExitAsync();
        if (await Task.WhenAny(ended, asked) == ended)
        {
            return;
        }

        // The terminal's Ctrl-C has reached QEMU as well; a SIGTERM has not.
        ChildProcess.AskToEnd(process.Id);
        try
        {
            await ended.WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            process.Kill();
            await ended;
        }
    }
}
