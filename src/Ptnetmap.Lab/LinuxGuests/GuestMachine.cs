using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Ptnetmap.Linux;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>A QEMU in the background with a Linux guest made by <c>eng/make-initramfs</c>: its second serial line takes
/// a shell command a line and answers with its output and its exit code. Every wait has a limit, and the end of the
/// object is the end of the process.</summary>
public sealed class GuestMachine : IAsyncDisposable
{
    private const string Ready = "PTNET-READY";
    private const string End = "PTNET-END ";

    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan SignalLimit = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly int _id;
    private readonly string _console;
    private readonly StringBuilder _errors = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private bool _isGone;

    private GuestMachine(Process process, string name, string console)
    {
        (_process, _id) = (process, process.Id);
        _console = console;
        Name = name;
        process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        process.OutputDataReceived += (_, line) => TakeLine(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Its name in messages.</summary>
    public string Name { get; }

    /// <summary>CPU time that QEMU has used, its virtual processor's included; 0 when it is gone.</summary>
    public long CpuNanoseconds => ChildProcess.CpuNanosecondsOf(_id);

    /// <summary>Starts QEMU; the guest is not up yet.</summary>
    /// <param name="qemu">The program.</param>
    /// <param name="name">The machine's name.</param>
    /// <param name="machine">What it is made of, without serial lines.</param>
    /// <param name="folder">Where its console's log goes.</param>
    public static GuestMachine Start(string qemu, string name, QemuArguments machine, string folder)
    {
        string console = Path.Combine(folder, $"{name}.console");
        QemuArguments ours = machine with
        {
            Append = "quiet ptnet.control=ttyS1",
            SerialLines = [$"file:{console}", "stdio"],
            More = ["-no-reboot"],
        };
        ProcessStartInfo start = new(qemu, ours.All)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new GuestMachine(Process.Start(start)!, name, console);
    }

    /// <summary>Waits until the guest's shell is there.</summary>
    /// <exception cref="IOException">It does not come up.</exception>
    public Task BootAsync(CancellationToken cancellation) =>
        ReadUntilAsync(line => line.EndsWith(Ready, StringComparison.Ordinal), BootLimit, cancellation);

    /// <summary>Starts <c>ptnet guest</c> with these arguments in the guest, beside the shell.</summary>
    public Task StartProgramAsync(string arguments, CancellationToken cancellation) => RunAsync(
        $"ptnet guest {arguments} --json - >/tmp/report 2>/tmp/errors & echo $! >/tmp/program", cancellation);

    /// <summary>Asks the program to end, and waits for its report.</summary>
    /// <exception cref="IOException">It left none, or one of another version.</exception>
    public async Task<GuestRunReport> StopProgramAsync(CancellationToken cancellation)
    {
        List<string> output = await RunAsync(
            "kill -TERM $(cat /tmp/program); wait $(cat /tmp/program); cat /tmp/errors /tmp/report", cancellation);
        string? report = output.FindLast(line => line.StartsWith('{'));
        try
        {
            return report is null
                ? throw Trouble("its program left no report", output)
                : JsonSerializer.Deserialize(report, GuestRunJson.Default.GuestRunReport)!;
        }
        catch (JsonException other)
        {
            throw Trouble($"its ptnet is not of this version (option --initrd): {other.Message}");
        }
    }

    /// <summary>What went wrong, and what QEMU and the guest's kernel have said.</summary>
    public IOException Trouble(string what, params IEnumerable<string> read)
    {
        const int ConsoleTail = 1000;
        string console = File.Exists(_console) ? File.ReadAllText(_console) : "";
        return new IOException(
            $"the {Name}'s VM: " +
            $"{what}\n{_errors}{string.Join('\n', read)}\n{console[Math.Max(0, console.Length - ConsoleTail)..]}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isGone)
        {
            return;
        }

        _isGone = true;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task<List<string>> RunAsync(string command, CancellationToken cancellation)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(command);
            await _process.StandardInput.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            // QEMU is gone: its end is what is read next.
        }

        return await ReadUntilAsync(line => line.StartsWith(End, StringComparison.Ordinal), CommandLimit, cancellation);
    }

    private async Task<List<string>> ReadUntilAsync(Func<string, bool> last, TimeSpan limit,
        CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
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
        catch (ChannelClosedException)
        {
            // Ctrl-C on the terminal reaches QEMU as well, and may do so first.
            await Task.Delay(SignalLimit, cancellation);
            throw Trouble("QEMU ended", lines);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Trouble($"no answer in {limit.TotalSeconds} s", lines);
        }
    }

    private void TakeLine(string? line)
    {
        if (line is null)
        {
            _lines.Writer.Complete();
        }
        else
        {
            _ = _lines.Writer.TryWrite(line.TrimEnd('\r'));
        }
    }
}
