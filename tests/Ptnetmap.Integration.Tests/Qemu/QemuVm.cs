using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A Linux guest under an unmodified QEMU, emulated, with devices from vfio-user sockets. A second serial line
/// is its control channel: a shell command a line, its output, an end marker with the exit code. Everything has a time
/// limit, and the end of the object is the end of the process.</summary>
internal sealed class QemuVm : IAsyncDisposable
{
    private const string Ready = "PTNET-READY";
    private const string End = "PTNET-END ";

    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(300);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly DirectoryInfo _folder;

    private QemuVm(Process process, string name, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
        Name = name;
        Monitor = new QemuMonitor(folder.FullName);
        process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                _ = _lines.Writer.TryWrite(text.TrimEnd('\r'));
            }
            else
            {
                _lines.Writer.Complete();
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    internal string Name { get; }

    internal QemuMonitor Monitor { get; }

    internal bool HasExited => _process.HasExited;

    /// <summary>Starts one and waits until its shell is there.</summary>
    internal static async Task<QemuVm> StartAsync(
        QemuTools tools, string name, IEnumerable<string> sockets, QemuVmOptions? options = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory($"ptnet-vm-{name}-");
        options ??= new QemuVmOptions();
        string[] command =
        [
            .. options.NetworkNamespace is { } space ? (string[])["nsenter", $"--net={space}"] : [],
            tools.Qemu, .. options.Arguments(tools, sockets, folder.FullName),
        ];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var vm = new QemuVm(Process.Start(start)!, name, folder);
        try
        {
            await vm.WaitUntilReadyAsync();
            return vm;
        }
        catch
        {
            await vm.DisposeAsync();
            throw;
        }
    }

    internal static string ConsoleIn(string folder) => Path.Combine(folder, "console");

    /// <summary>Waits for the shell, at the start and after a reboot.</summary>
    internal async Task WaitUntilReadyAsync() =>
        _ = await ReadUntilAsync(line => line.EndsWith(Ready, StringComparison.Ordinal), BootLimit);

    /// <summary>Runs a shell command to its end.</summary>
    internal async Task<(int Code, string Output)> RunAsync(string command, int seconds = 180)
    {
        await TypeAsync(command);
        List<string> output = await ReadUntilAsync(
            line => line.StartsWith(End, StringComparison.Ordinal), TimeSpan.FromSeconds(seconds));
        int code = int.Parse(output[^1][End.Length..], CultureInfo.InvariantCulture);
        return (code, string.Join('\n', output[..^1]));
    }

    /// <summary>Runs a shell command that has to succeed.</summary>
    internal async Task<string> MustAsync(string command, int seconds = 180)
    {
        (int code, string output) = await RunAsync(command, seconds);
        Assert.True(code == 0, $"{Name}: '{command}' ended with {code}:\n{output}\n{Diagnosis()}");
        return output;
    }

    /// <summary>A shell command from which the guest does not come back.</summary>
    internal async Task TypeAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until the kernel has said something.</summary>
    internal Task SeesOnConsoleAsync(string text) => Eventually.TrueAsync(
        () => File.ReadAllText(ConsoleIn(_folder.FullName)).Contains(text, StringComparison.Ordinal),
        () => $"{Name}: the console does not say '{text}'\n{Diagnosis()}");

    /// <summary>Sends QEMU a signal: STOP, CONT, KILL.</summary>
    internal async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Ends QEMU at once and waits until it is gone.</summary>
    internal async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Monitor.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<List<string>> ReadUntilAsync(Func<string, bool> last, TimeSpan limit)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(limit);
        var lines = new List<string>();
        try
        {
            do
            {
                lines.Add(await _lines.Reader.ReadAsync(timeout.Token));
            }
            while (!last(lines[^1]));
            return lines;
        }
        catch (Exception end) when (end is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException(
                $"{Name}: {(end is ChannelClosedException ? "QEMU ended" : "no answer in " +
                $"{limit.TotalSeconds} s")}; read so far:\n" +
                $"{string.Join('\n', lines)}\n{Diagnosis()}", end);
        }
    }

    private string Diagnosis()
    {
        string path = ConsoleIn(_folder.FullName);
        string console = File.Exists(path) ? File.ReadAllText(path) : "";
        return $"QEMU says: {_errors}\nconsole ends with: {console[Math.Max(0, console.Length - 2000)..]}";
    }
}
