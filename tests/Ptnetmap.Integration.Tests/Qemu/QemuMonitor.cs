using System.Net.Sockets;
using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A QEMU's monitor (QMP): a command, its answer. What is told between them is dropped.</summary>
internal sealed class QemuMonitor : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;
    private StreamReader? _reader;
    private StreamWriter? _writer;

    internal QemuMonitor(string folder) => _path = SocketIn(folder);

    internal static string SocketIn(string folder) => Path.Combine(folder, "qmp");

    /// <summary>Gives a command that has to succeed.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">Its arguments, a JSON object.</param>
    /// <returns>What it returns.</returns>
    internal async Task<JsonElement> AskAsync(string command, string arguments = "{}")
    {
        if (_reader is null)
        {
            await ConnectAsync();
        }

        return await SendAsync(command, arguments);
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _writer?.Dispose();
        _socket.Dispose();
    }

    private async Task ConnectAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await _socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellation);
        var stream = new NetworkStream(_socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
        _ = await _reader.ReadLineAsync(cancellation);
        _ = await SendAsync("qmp_capabilities", "{}");
    }

    private async Task<JsonElement> SendAsync(string command, string arguments)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await _writer!.WriteLineAsync($$"""{"execute":"{{command}}","arguments":{{arguments}}}""".AsMemory(),
            cancellation);
        while (true)
        {
            string line =
                await _reader!.ReadLineAsync(cancellation) ?? throw new EndOfStreamException("the monitor has closed");
            JsonElement answer = JsonDocument.Parse(line).RootElement;
            if (answer.TryGetProperty("return", out JsonElement result))
            {
                return result;
            }

            Assert.False(answer.TryGetProperty("error", out JsonElement error), $"{command} {arguments}: {error}");
        }
    }
}
