using System.IO.Pipes;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Qemu;

namespace Ptnetmap.Tests.Linux;

/// <summary>Descriptors that another process passes, of files whose close may take as long as it likes, or that keep a
/// connection from its end.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet");
    private readonly UnixSocket _listener;
    private readonly UnixSocket _client;
    private readonly UnixSocket _server;
    private readonly List<FileDescriptor> _received = [];

    public ForeignFileTests()
    {
        string path = Path.Combine(_folder.FullName, "s");
        _listener = UnixSocket.Listen(path);
        _client = UnixSocket.Connect(path);
        _server = _listener.TryAccept()!;
    }

    public void Dispose()
    {
        _received.ForEach(file => file.Dispose());
        _server.Dispose();
        _client.Dispose();
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_socket_is_refused_for_it_may_be_the_connections_own_other_end()
    {
        _ = _client.TrySend([1], _client.Descriptor);
        Assert.Throws<LinuxException>(() => _server.TryReceive(new byte[1], _received));
    }

    [Fact]
    public void A_pipe_is_closed_by_somebody_else_soon()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using (var ours = new FileDescriptor((int)pipe.ClientSafePipeHandle.DangerousGetHandle(), owns: false))
        {
            _ = _client.TrySend([1], ours);
        }

        pipe.DisposeLocalCopyOfClientHandle();
        Assert.Equal(1, _server.TryReceive(new byte[1], _received));
        FileDescriptor writer = Assert.Single(_received);
        using FileDescriptor second = writer.Duplicate();
        writer.Dispose();
        second.Dispose();

        // The last writer is gone: the end of the file.
        Assert.Equal(-1, pipe.ReadByte());
    }

    [Fact]
    public void Memory_that_is_no_file_is_a_range_without_a_descriptor()
    {
        using var bed = new QemuBed();
        using var client = new HandClient(bed.Ptnet);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        using var writer = new FileDescriptor((int)pipe.ClientSafePipeHandle.DangerousGetHandle(), owns: false);
        Assert.Equal(Errno.None, client.Map(0x1000, 0x1000, writer));
        Assert.Null(Assert.Single(client.Memory.Ranges).File);
    }
}
