using System.Buffers.Binary;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Frames on their way from the thread that reads a capture to the one that replays it: a ring of bytes with
/// one writer and one reader, neither of which waits. A frame is never split, so what does not fit before the ring's
/// end begins at its start. Allocates nothing after it is made.
/// <code>record: | length 4 | has a time 4 | time 16 | frame | up to a multiple of 8 |</code></summary>
internal sealed class FrameQueue
{
    /// <summary>In place of a length: the writer has been through the file once.</summary>
    internal const int RoundEnd = -1;

    /// <summary>In place of a length: nothing comes any more.</summary>
    internal const int End = -2;

    private const int Wrap = -3;
    private const int HeadSize = 24;
    private const int Size = 1 << 20;

    private readonly byte[] _bytes = new byte[Size];
    private long _written;
    private long _read;
    private int _current;

    /// <summary>True when at least half of it is free.</summary>
    internal bool IsHalfEmpty => Volatile.Read(ref _written) - Volatile.Read(ref _read) <= Size / 2;

    /// <summary>The frame that was found last; until <see cref="Advance"/>.</summary>
    internal ReadOnlySpan<byte> Frame => _bytes.AsSpan(At(_read) + HeadSize, _current);

    /// <summary>When it was captured, in nanoseconds since 1970; null: it does not say.</summary>
    internal Int128? Nanoseconds
    {
        get
        {
            ReadOnlySpan<byte> head = _bytes.AsSpan(At(_read), HeadSize);
            return BinaryPrimitives.ReadInt32LittleEndian(head[4..]) == 0
                ? null
                : BinaryPrimitives.ReadInt128LittleEndian(head[8..]);
        }
    }

    /// <summary>The writer's: adds a frame.</summary>
    /// <returns>False when there is no room now.</returns>
    internal bool TryAdd(ReadOnlySpan<byte> frame, Int128? nanoseconds) => TryAdd(frame.Length, frame, nanoseconds);

    /// <summary>The writer's: adds <see cref="RoundEnd"/> or <see cref="End"/>.</summary>
    internal bool TryAdd(int mark) => TryAdd(mark, [], null);

    /// <summary>The reader's: looks for the next record.</summary>
    /// <param name="length">The frame's length, <see cref="RoundEnd"/> or <see cref="End"/>.</param>
    /// <returns>False when there is none now.</returns>
    internal bool TryPeek(out int length)
    {
        length = Wrap;
        while (length == Wrap && Volatile.Read(ref _written) != _read)
        {
            length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(At(_read)));
            if (length == Wrap)
            {
                Volatile.Write(ref _read, _read + Size - At(_read));
            }
        }

        _current = Math.Max(length, 0);
        return length != Wrap;
    }

    /// <summary>The reader's: gives the record's room back.</summary>
    internal void Advance() => Volatile.Write(ref _read, _read + RecordSize(_current));

    private static int At(long position) => (int)(position & (Size - 1));

    private static int RecordSize(int length) => (HeadSize + length + 7) & ~7;

    private bool TryAdd(int length, ReadOnlySpan<byte> frame, Int128? nanoseconds)
    {
        int size = RecordSize(frame.Length);
        long at = _written;
        int left = Size - At(at);
        int needed = size <= left ? size : left + size;
        if (at + needed - Volatile.Read(ref _read) > Size)
        {
            return false;
        }

        if (size > left)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(At(at)), Wrap);
            at += left;
        }

        Span<byte> record = _bytes.AsSpan(At(at), size);
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], nanoseconds is null ? 0 : 1);
        BinaryPrimitives.WriteInt128LittleEndian(record[8..], nanoseconds ?? 0);
        frame.CopyTo(record[HeadSize..]);
        Volatile.Write(ref _written, at + size);
        return true;
    }
}
