using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <summary>Cuts a stream into messages, and finds which descriptors belong to which.</summary>
internal sealed class MessageReader : IDisposable
{
    private readonly byte[] _buffer = new byte[Session.MaxMessage];
    private readonly List<FileDescriptor> _received = [];
    private readonly Queue<(long Message, FileDescriptor Descriptor)> _pending = new();
    private int _start;
    private int _end;
    private long _consumed;

    /// <summary>Closes what no message took.</summary>
    public void Dispose()
    {
        foreach ((_, FileDescriptor descriptor) in _pending)
        {
            descriptor.Dispose();
        }

        _pending.Clear();
        _received.ForEach(descriptor => descriptor.Dispose());
        _received.Clear();
    }

    /// <summary>Receives once.</summary>
    /// <returns>Bytes; 0 when the other side has closed, -1 when nothing is there now.</returns>
    /// <exception cref="VfioUserException">More descriptors have come with a message, whole or not, than it may have.</exception>
    internal int Fill(IMessageStream stream)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int count = stream.TryReceive(_buffer.AsSpan(_end), _received);
        _end += Math.Max(count, 0);
        if (_received.Count != 0)
        {
            long owner = _consumed + LastStart();
            _received.ForEach(descriptor => _pending.Enqueue((owner, descriptor)));
            _received.Clear();
            CheckDescriptors(owner);
        }

        return count;
    }

    /// <summary>The next whole message. Its payload is valid until the next <see cref="Fill"/>.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">What follows it.</param>
    /// <param name="descriptors">What came with it is added here.</param>
    /// <returns>False when there is none yet.</returns>
    /// <exception cref="VfioUserException">The size is absurd: nothing that follows can be made sense of.</exception>
    internal bool TryTake(out MessageHeader header, out ReadOnlySpan<byte> payload, List<FileDescriptor> descriptors)
    {
        header = default;
        payload = default;
        if (_end - _start < MessageHeader.Size)
        {
            return false;
        }

        header = MemoryMarshal.Read<MessageHeader>(_buffer.AsSpan(_start));
        if (header.MessageSize is < MessageHeader.Size or > Session.MaxMessage)
        {
            throw new VfioUserException(
                $"a message says that it has {header.MessageSize} bytes; {MessageHeader.Size} to {Session.MaxMessage} are taken");
        }

        int size = (int)header.MessageSize;
        if (_end - _start < size)
        {
            return false;
        }

        while (_pending.TryPeek(out (long Message, FileDescriptor Descriptor) next) && next.Message <= _consumed)
        {
            descriptors.Add(_pending.Dequeue().Descriptor);
        }

        payload = _buffer.AsSpan(_start + MessageHeader.Size, size - MessageHeader.Size);
        _start += size;
        _consumed += size;
        return true;
    }

    // They may come with any byte of a message, so they are counted while it is not whole yet.
    private void CheckDescriptors(long message)
    {
        int count = 0;
        foreach ((long owner, _) in _pending)
        {
            count += owner == message ? 1 : 0;
        }

        if (count > Session.MaxDescriptors)
        {
            throw new VfioUserException($"a message with {Quantity.Of(count, "descriptor")}; {Session.MaxDescriptors} were announced (max_msg_fds)");
        }
    }

    // A receive ends behind the bytes that were sent together with descriptors, so they are the last message's that
    // starts in it. In a stream without sense it does not matter: its session ends.
    private int LastStart()
    {
        int last = 0;
        while (last + MessageHeader.Size <= _end)
        {
            long next = last + MemoryMarshal.Read<MessageHeader>(_buffer.AsSpan(last)).MessageSize;
            if (next >= _end || next <= last)
            {
                break;
            }

            last = (int)next;
        }

        return last;
    }
}
