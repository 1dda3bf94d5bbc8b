using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A QEMU of ours: its guest's console lines as they come, and its monitor.</summary>
internal sealed class QemuProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _monitor;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _seen = [];

    private QemuProcess(Process process, string monitor)
    {
        _process = process;
        _monitor = monitor;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data is null ? null : "qemu: " + line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal static QemuProcess Start(string program, string kernel, string initrd, string folder, params string[] sockets)
    {
        string monitor = Path.Combine(folder, "qmp");
        List<string> arguments =
        [
            "-accel", "tcg,thread=multi", "-cpu", "max", "-m", "256", "-nodefaults", "-no-user-config", "-display", "none",
            "-object", "memory-backend-memfd,id=mem,size=256M,share=on", "-machine", "q35,memory-backend=mem",
            "-serial", "stdio", "-qmp", $"unix:{monitor},server=on,wait=off",
            "-kernel", kernel, "-initrd", initrd,
            "-append", "console=ttyS0 quiet panic=-1 iomem=relaxed memmap=64K$0x8000000",
        ];
        foreach (string socket in sockets)
        {
            string id = Path.GetFileNameWithoutExtension(socket);
            arguments.AddRange(
                ["-device", $$"""{"driver":"vfio-user-pci","socket":{"type":"unix","path":"{{socket}}"},"id":"{{id}}"}"""]);
        }

        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new QemuProcess(Process.Start(start)!, monitor);
    }

    /// <summary>The lines of the guest's report, up to its end.</summary>
    internal async Task<Dictionary<string, string>> ReadReportAsync(string end)
    {
        var report = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                string line = await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken);
                int mark = line.IndexOf("@@ ", StringComparison.Ordinal);
                if (mark < 0)
                {
                    continue;
                }

                string[] words = line[(mark + 3)..].Trim().Split(' ', 2);
                report[words[0]] = words.Length == 2 ? words[1] : "";
                if (string.Equals(words[0], end, StringComparison.Ordinal))
                {
                    return report;
                }
            }
        }
        catch (ChannelClosedException closed)
        {
            throw new InvalidOperationException("QEMU ended:\n" + Output, closed);
        }
    }

    internal string Output
    {
        get
        {
            lock (_seen)
            {
                return string.Join('\n', _seen.TakeLast(60));
            }
        }
    }

    /// <summary>Gives a command to the monitor and waits for its answer.</summary>
    internal async Task<string> MonitorAsync(string command)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_monitor), cancellation);
        await using NetworkStream stream = new(socket);
        using StreamReader reader = new(stream);
        await using StreamWriter writer = new(stream) { AutoFlush = true };
        _ = await reader.ReadLineAsync(cancellation);
        string answer = "";
        foreach (string line in (string[])["""{"execute":"qmp_capabilities"}""", command])
        {
            await writer.WriteLineAsync(line.AsMemory(), cancellation);
            do
            {
                answer = await reader.ReadLineAsync(cancellation) ?? throw new EndOfStreamException("the monitor has closed");
            }
            while (!answer.Contains("\"return\"", StringComparison.Ordinal) && !answer.Contains("\"error\"", StringComparison.Ordinal));
        }

        return answer;
    }

    /// <summary>A line for the guest's standard input.</summary>
    internal void Type(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    internal void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            if (_process.HasExited)
            {
                _ = _lines.Writer.TryComplete();
            }

            return;
        }

        lock (_seen)
        {
            _seen.Add(line);
        }

        _ = _lines.Writer.TryWrite(line);
    }
}
