using System.Buffers.Binary;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Nic.Pcap;

/// <summary>Writes frames to a pcap file (nanoseconds, this machine's byte order) by a thread of its own, so that a slow
/// disk keeps no sync loop waiting. Frames wait in a fixed number of blocks; when all are full, frames are refused. Any
/// number of threads may append.</summary>
internal sealed class CaptureWriter : IDisposable
{
    private const uint Magic = 0xA1B2_3C4D;
    private const int HeaderSize = 24;
    private const int RecordSize = 16;
    private const int BlockSize = 1 << 20;
    private const int Blocks = 8;
    private const long NanosecondsPerTick = 100;

    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(1);

    private readonly Stream _file;
    private readonly int _snapLength;
    private readonly byte[][] _blocks = new byte[Blocks][];
    private readonly int[] _used = new int[Blocks];
    private readonly EventFd _news = new();
    private readonly Thread _thread;
    private RingLock _lock;
    private int _filling;
    private int _writing;
    private volatile bool _stop;
    private volatile string? _failure;

    /// <summary>Makes the file, or empties it.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal CaptureWriter(string path, int snapLength)
    {
        _snapLength = snapLength;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        for (int i = 0; i < Blocks; i++)
        {
            _blocks[i] = new byte[BlockSize];
        }

        WriteHeader();
        _thread = new Thread(Run) { Name = "ptnet-capture", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Why nothing is written any more; null: it is.</summary>
    internal string? Failure => _failure;

    /// <summary>Appends a frame that lies in <paramref name="packet"/>'s pieces.</summary>
    /// <returns>False when the disk is slower than the frames come, or full.</returns>
    internal bool TryAppend(Kring tx, TxPacket packet, DateTime now)
    {
        int length = Math.Min(packet.Bytes, _snapLength);
        _lock.Enter();
        try
        {
            if (_failure is not null || !TryReserve(RecordSize + length))
            {
                return false;
            }

            Span<byte> record = _blocks[_filling].AsSpan(_used[_filling], RecordSize + length);
            WriteRecord(record, packet.Bytes, length, now);
            Copy(tx, packet, record[RecordSize..]);
            bool first = _used[_filling] == 0;
            _used[_filling] += record.Length;
            if (first)
            {
                _news.Signal();
            }

            return true;
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public void Dispose()
    {
        _stop = true;
        _news.Signal();
        _thread.Join();
        _file.Dispose();
        _news.Dispose();
    }

    private static void Copy(Kring tx, TxPacket packet, Span<byte> target)
    {
        foreach (Memory.SlotWord word in packet.Words)
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
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick));
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
        _file.Write(header);
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
        while (!_stop)
        {
            _ = _news.Wait(HasFrames() ? FlushTime : Timeout.InfiniteTimeSpan);
            Flush();
        }

        Flush();
    }

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
        try
        {
            if (_failure is null)
            {
                _file.Write(_blocks[block], 0, _used[block]);
            }
        }
        catch (IOException refusal)
        {
            _failure = refusal.Message;
        }

        _lock.Enter();
        _used[block] = 0;
        _writing = (block + 1) % Blocks;
        _lock.Exit();
    }
}
