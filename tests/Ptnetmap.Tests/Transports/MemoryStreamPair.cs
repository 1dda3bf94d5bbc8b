using Ptnetmap.Linux;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Transports;

/// <summary>Two ends of a stream in memory, with a unix socket's rules: a receive ends behind the bytes that were sent
/// together with descriptors.</summary>
internal sealed class MemoryStreamPair : IMessageStream
{
    private const int BrokenPipe = 32;

    private readonly Queue<(byte[] Bytes, FileDescriptor[] Descriptors)> _incoming = new();
    private MemoryStreamPair? _peer;
    private bool _closed;

    /// <summary>Bytes that may wait at the other end; a client that does not read has a small one.</summary>
    internal int Room { get; set; } = int.MaxValue;

    /// <summary>It is shut for reading, and not closed (<c>SHUT_RD</c>).</summary>
    internal bool IsDeaf { get; set; }

    internal int Waiting => _incoming.Sum(piece => piece.Bytes.Length);

    internal bool IsClosed => _closed;

    internal static (MemoryStreamPair Client, MemoryStreamPair Server) Make()
    {
        var client = new MemoryStreamPair();
        var server = new MemoryStreamPair { _peer = client };
        client._peer = server;
        return (client, server);
    }

    public int TryReceive(Span<byte> data, ICollection<FileDescriptor> descriptors)
    {
        int count = 0;
        while (count < data.Length && _incoming.TryPeek(out (byte[] Bytes, FileDescriptor[] Descriptors) piece))
        {
            int taken = Math.Min(piece.Bytes.Length, data.Length - count);
            piece.Bytes.AsSpan(0, taken).CopyTo(data[count..]);
            count += taken;
            _ = _incoming.Dequeue();
            if (taken < piece.Bytes.Length)
            {
                Requeue((piece.Bytes[taken..], []));
            }

            Array.ForEach(piece.Descriptors, descriptors.Add);
            if (piece.Descriptors.Length != 0)
            {
                break;
            }
        }

        return count != 0 ? count : _peer!._closed ? 0 : -1;
    }

    public int TrySend(ReadOnlySpan<byte> data, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        if (_peer!._closed || _peer.IsDeaf)
        {
            throw new LinuxException("sendmsg", BrokenPipe);
        }

        int count = Math.Min(data.Length, _peer.Room - _peer.Waiting);
        if (count <= 0)
        {
            return -1;
        }

        var copies = new FileDescriptor[descriptors.Length];
        for (int i = 0; i < copies.Length; i++)
        {
            copies[i] = descriptors[i].Duplicate();
        }

        _peer._incoming.Enqueue((data[..count].ToArray(), copies));
        return count;
    }

    public void Dispose()
    {
        _closed = true;
        foreach ((_, FileDescriptor[] descriptors) in _incoming)
        {
            Array.ForEach(descriptors, descriptor => descriptor.Dispose());
        }

        _incoming.Clear();
    }

    private void Requeue((byte[] Bytes, FileDescriptor[] Descriptors) rest)
    {
        (byte[] Bytes, FileDescriptor[] Descriptors)[] others = [.. _incoming];
        _incoming.Clear();
        _incoming.Enqueue(rest);
        Array.ForEach(others, _incoming.Enqueue);
    }
}
