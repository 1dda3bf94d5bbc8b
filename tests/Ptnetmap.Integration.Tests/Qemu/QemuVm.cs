using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A Linux guest under an unmodified QEMU, emulated, with devices from vfio-user sockets. A second serial line is
/// its control channel: a shell command a line, its output, an end marker with the exit code. Everything has a time limit,
/// and the end of the object is the end of the process.</summary>
internal sealed class QemuVm : IAsyncDisposable
{
    private const string Ready = "PTNET-READY";
    private const string End = "PTNET-END ";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly string _console;

    private QemuVm(Process process, string name, string console)
    {
        _process = process;
        Name = name;
        _console = console;
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

    internal bool HasExited => _process.HasExited;

    /// <summary>Starts one and waits until its shell is there.</summary>
    internal static async Task<QemuVm> StartAsync(
        QemuTools tools, string name, IEnumerable<string> sockets, bool iommu = false)
    {
        string console = Path.Combine(Tree.Root, "artifacts", "test", $"console-{name}-{Guid.NewGuid():n}.log");
        ProcessStartInfo start = new(tools.Qemu, Arguments(tools, console, sockets, iommu))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var vm = new QemuVm(Process.Start(start)!, name, console);
        try
        {
            _ = await vm.ReadUntilAsync(line => line == Ready, TimeSpan.FromSeconds(120));
            return vm;
        }
        catch
        {
            await vm.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a shell command to its end.</summary>
    internal async Task<(int Code, string Output)> RunAsync(string command, int seconds = 60)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        List<string> output = await ReadUntilAsync(
            line => line.StartsWith(End, StringComparison.Ordinal), TimeSpan.FromSeconds(seconds));
        int code = int.Parse(output[^1][End.Length..], CultureInfo.InvariantCulture);
        return (code, string.Join('\n', output[..^1]));
    }

    /// <summary>Runs a shell command that has to succeed.</summary>
    internal async Task<string> MustAsync(string command, int seconds = 60)
    {
        (int code, string output) = await RunAsync(command, seconds);
        Assert.True(code == 0, $"{Name}: '{command}' ended with {code}:\n{output}\n{Diagnosis()}");
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        File.Delete(_console);
    }

    private static string[] Arguments(QemuTools tools, string console, IEnumerable<string> sockets, bool iommu)
    {
        string[] devices = [.. sockets.SelectMany((socket, i) => (string[])
        [
            "-device", $$"""{"driver":"vfio-user-pci","id":"v{{i}}","socket":{"type":"unix","path":"{{socket}}"} }""",
        ])];
        string[] unit = iommu ? ["-device", "intel-iommu,intremap=on,caching-mode=on"] : [];
        string command = $"console=ttyS0 quiet panic=-1 ptnet.control=ttyS1{(iommu ? " intel_iommu=on" : "")}";
        return
        [
            "-accel", "tcg,thread=multi", "-cpu", "max", "-display", "none", "-nodefaults", "-no-reboot", "-m", "256",
            "-object", "memory-backend-memfd,id=mem,size=256M,share=on",
            "-machine", $"q35,memory-backend=mem{(iommu ? ",kernel-irqchip=split" : "")}",
            .. unit, .. devices, "-kernel", tools.Kernel, "-initrd", tools.Initramfs, "-append", command,
            "-serial", $"file:{console}", "-serial", "stdio",
        ];
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
                $"{Name}: {(end is ChannelClosedException ? "QEMU ended" : $"no answer in {limit.TotalSeconds} s")}; read so far:\n" +
                $"{string.Join('\n', lines)}\n{Diagnosis()}", end);
        }
    }

    private string Diagnosis()
    {
        string console = File.Exists(_console) ? File.ReadAllText(_console) : "";
        return $"QEMU says: {_errors}\nconsole ends with: {console[Math.Max(0, console.Length - 2000)..]}";
    }
}
