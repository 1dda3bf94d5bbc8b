using System.Buffers.Binary;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Writes frames to a pcap file (nanoseconds, this machine's byte order) by a thread of its own, so that a
/// slow disk keeps no sync loop waiting. Frames wait in a fixed number of blocks; when all are full, frames are
/// dropped. A frame is counted as sent once it is in the file. When the disk takes no more the file is cut back to its
/// last whole frame, and what comes then is dropped. Any number of threads may append.</summary>
internal sealed class CaptureWriter : IDisposable
{
    private const uint Magic = 0xA1B2_3C4D;
    private const int HeaderSize = 24;
    private const int RecordSize = 16;
    private const int BlockSize = 1 << 20;
    private const int Blocks = 8;
    private const long NanosecondsPerTick = 100;

    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience;
    private readonly int _snapLength;
    private readonly byte[][] _blocks = new byte[Blocks][];
    private readonly int[] _used = new int[Blocks];
    private readonly EventFd _news = new();
    private readonly Thread _thread;
    private ICaptureOutput? _file;
    private Kring _tx = null!;
    private RingLock _lock;
    private int _filling;
    private int _writing;
    private long _length;
    private volatile bool _kept;
    private volatile bool _stop;
    private volatile string? _failure;

    /// <summary>Makes one that writes nothing yet.</summary>
    /// <param name="snapLength">Longest part of a frame that is written, in bytes.</param>
    /// <param name="patience">How long its end is waited for before the thread is left to itself; null: two
    /// seconds.</param>
    internal CaptureWriter(int snapLength, TimeSpan? patience = null)
    {
        (_snapLength, _patience) = (snapLength, patience ?? TimeSpan.FromSeconds(2));
        for (int i = 0; i < Blocks; i++)
        {
            _blocks[i] = new byte[BlockSize];
        }

        _thread = new Thread(Run) { Name = "ptnet-capture", IsBackground = true };
    }

    /// <summary>Empties the file once it is to be kept or there is a frame, and writes to it; by the thread, for the
    /// disk may be slow.</summary>
    /// <param name="file">The file, which is the writer's from now on.</param>
    /// <param name="tx">The ring that the frames are sent on: they are counted there.</param>
    /// <exception cref="LinuxException">There is no room for another thread; the file is closed as it was.</exception>
    internal void Start(ICaptureOutput file, Kring tx)
    {
        (_file, _tx) = (file, tx);
        try
        {
            _ = LinuxThread.Start(_thread);
        }
        catch
        {
            _file = null;
            file.Abandon();
            file.Dispose();
            throw;
        }
    }

    /// <summary>What is in the file may go: the port stays.</summary>
    internal void Keep()
    {
        _kept = true;
        _news.Signal();
    }

    /// <summary>Why nothing is written any more; null: it is.</summary>
    internal string? Failure => _failure;

    /// <summary>Appends a frame that lies in <paramref name="packet"/>'s pieces, or counts why it is dropped.</summary>
    internal void Append(TxPacket packet, DateTime now)
    {
        int length = Math.Min(packet.Bytes, _snapLength);
        _lock.Enter();
        try
        {
            if (_failure is not null || !TryReserve(RecordSize + length))
            {
                _tx.Counters.Drops.Add(_failure is null ? DropReason.NoSpace : DropReason.Refused);
                return;
            }

            Span<byte> record = _blocks[_filling].AsSpan(_used[_filling], RecordSize + length);
            WriteRecord(record, packet.Bytes, length, now);
            Copy(_tx, packet, record[RecordSize..]);
            bool first = _used[_filling] == 0;
            _used[_filling] += record.Length;
            if (first)
            {
                _news.Signal();
            }
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Writes what waits, and closes the file. A disk that does not answer within two seconds is left to the
    /// thread, which closes the file when it does.</summary>
    public void Dispose()
    {
        if (_file is null)
        {
            _news.Dispose();
            return;
        }

        _stop = true;
        _news.Signal();
        _ = _thread.Join(_patience);
    }

    private static void Copy(Kring tx, TxPacket packet, Span<byte> target)
    {
        foreach (SlotWord word in packet.Words)
        {
            int part = Math.Min(word.Length, target.Length);
            tx.Buffers[word.BufferIndex][..part].CopyTo(target);
            target = target[part..];
        }
    }

    private static void WriteRecord(Span<byte> record, int bytes, int length, DateTime now)
    {
        long ticks = now.Ticks - DateTime.UnixEpoch.Ticks;
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..],
            (uint)(ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)bytes);
    }

    private void WriteHeader()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], (uint)_snapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        CutTo(0);
        if (_file!.Write(header, 0, out IOException? failure) < HeaderSize)
        {
            CutTo(0);
            Fail(failure);
        }

        _length = HeaderSize;
    }

    // The caller holds the lock.
    private bool TryReserve(int size)
    {
        if (_used[_filling] + size <= BlockSize)
        {
            return true;
        }

        int next = (_filling + 1) % Blocks;
        if (next == _writing)
        {
            return false;
        }

        _filling = next;
        _news.Signal();
        return true;
    }

    private void Run()
    {
        using (_file)
        using (_news)
        {
            if (!WaitForUse())
            {
                _file!.Abandon();
                return;
            }

            WriteHeader();
            while (!_stop)
            {
                _ = _news.Wait(HasFrames() ? FlushTime : Timeout.InfiniteTimeSpan);
                Flush();
            }

            Flush();
        }
    }

    // False when the port was closed before it was used: what made it was refused, say.
    private bool WaitForUse()
    {
        while (!IsUsed() && !_stop)
        {
            _ = _news.Wait(Timeout.InfiniteTimeSpan);
        }

        return IsUsed();
    }

    private bool IsUsed() => _kept || HasFrames();

    private void Flush()
    {
        while (TryTakeBlock(out int block))
        {
            Write(block);
        }
    }

    private bool HasFrames()
    {
        _lock.Enter();
        bool any = _used[_writing] != 0;
        _lock.Exit();
        return any;
    }

    // The block that is being filled is closed by taking it, unless there is no other: then it is left for a moment.
    private bool TryTakeBlock(out int block)
    {
        _lock.Enter();
        block = _writing;
        bool any = _used[block] != 0;
        if (any && block == _filling)
        {
            _filling = (_filling + 1) % Blocks;
        }

        _lock.Exit();
        return any;
    }

    private void Write(int block)
    {
        int used = _used[block];
        ReadOnlySpan<byte> records = _blocks[block].AsSpan(0, used);
        IOException? failure = null;
        int written = _failure is null ? _file!.Write(records, _length, out failure) : 0;
        int whole = Measure(records[..written], out long packets, out long bytes);
        _ = Measure(records[whole..], out long lost, out _);
        _length += whole;
        if (whole < used && _failure is null)
        {
            CutTo(_length);
            Fail(failure);
        }

        _lock.Enter();
        _tx.Counters.Packets += packets;
        _tx.Counters.Bytes += bytes;
        _tx.Counters.Drops.Add(DropReason.Refused, lost);
        _used[block] = 0;
        _writing = (block + 1) % Blocks;
        _lock.Exit();
    }

    // The bytes of the whole records in it, how many they are, and their frames' bytes as they were sent.
    private static int Measure(ReadOnlySpan<byte> records, out long packets, out long bytes)
    {
        int at = 0;
        (packets, bytes) = (0, 0);
        while (records.Length - at >= RecordSize)
        {
            int size = RecordSize + BinaryPrimitives.ReadInt32LittleEndian(records[(at + 8)..]);
            if (size > records.Length - at)
            {
                break;
            }

            packets++;
            bytes += BinaryPrimitives.ReadInt32LittleEndian(records[(at + 12)..]);
            at += size;
        }

        return at;
    }

    private void CutTo(long length)
    {
        try
        {
            _file!.Truncate(length);
        }
        catch (IOException refused)
        {
            Fail(refused);
        }
    }

    private void Fail(IOException? why) =>
        _failure ??= $"{why?.Message ?? "it takes no more"}; nothing more is written to it";
}
