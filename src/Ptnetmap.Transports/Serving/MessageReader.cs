using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>Cuts a stream into messages, and finds which descriptors belong to which.</summary>
internal sealed class MessageReader(MessageFormat format) : IDisposable
{
    private readonly byte[] _buffer = new byte[format.MaxMessage];
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

    /// <summary>Receives once. All whole messages have been taken before, so that there is room.</summary>
    /// <returns>Bytes; 0 when the other side has closed, -1 when nothing is there now.</returns>
    /// <exception cref="ProtocolException">More descriptors have come with a message, whole or not, than it may
    /// have.</exception>
    internal int Fill(IMessageStream stream)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        Debug.Assert(_end < _buffer.Length, "a message that fills the buffer is whole, and was taken");
        int count = stream.TryReceive(_buffer.AsSpan(_end), _received);
        Debug.Assert(count <= _buffer.Length - _end, "a stream gives no more than there is room for");
        _end += Math.Max(count, 0);
        if (_received.Count != 0)
        {
            long owner = _consumed + LastStart();
            foreach (FileDescriptor descriptor in _received)
            {
                _pending.Enqueue((owner, descriptor));
            }

            _received.Clear();
            CheckDescriptors(owner);
        }

        return count;
    }

    /// <summary>The next whole message, valid until the next <see cref="Fill"/>.</summary>
    /// <param name="message">All of it.</param>
    /// <param name="descriptors">What came with it is added here.</param>
    /// <returns>False when there is none yet.</returns>
    /// <exception cref="ProtocolException">It is none: nothing that follows can be made sense of.</exception>
    internal bool TryTake(out ReadOnlySpan<byte> message, List<FileDescriptor> descriptors)
    {
        message = default;
        ReadOnlySpan<byte> there = _buffer.AsSpan(_start, _end - _start);
        int size = format.SizeOf(there);
        if (size < 0)
        {
            throw new ProtocolException(format.Fault(there));
        }

        Debug.Assert(size <= format.MaxMessage, "a format takes no message that is longer than its limit");
        if (size == 0 || there.Length < size)
        {
            return false;
        }

        while (_pending.TryPeek(out (long Message, FileDescriptor Descriptor) next) && next.Message <= _consumed)
        {
            descriptors.Add(_pending.Dequeue().Descriptor);
        }

        message = there[..size];
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

        if (count > format.MaxDescriptors)
        {
            throw new ProtocolException(
                $"a message with {Quantity.Of(count, "descriptor")}; {format.LimitOfDescriptors}");
        }
    }

    // A receive ends behind the bytes that were sent together with descriptors, so they are the last message's that
    // starts in it. In a stream without sense it does not matter: its session ends.
    private int LastStart()
    {
        int last = 0;
        while (format.SizeOf(_buffer.AsSpan(last, _end - last)) is int size && size > 0 && size < _end - last)
        {
            last += size;
        }

        return last;
    }
}
