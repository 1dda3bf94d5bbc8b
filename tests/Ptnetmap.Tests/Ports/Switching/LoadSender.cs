using System.Buffers.Binary;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A thread that sends numbered packets as fast as it can, of one slot or more, on one ring of a
/// port.</summary>
internal sealed class LoadSender
{
    private const int Burst = 40;
    private const int Number = 14;
    private const int Station = 22;
    private const int Sum = 26;

    private readonly BedPort _port;
    private readonly int _to;
    private readonly int _station;
    private readonly int _fragments;
    private readonly int _length;
    private readonly Thread _thread;
    private Exception? _failure;
    private volatile bool _stop;
    private long _sent;

    public LoadSender(BedPort port, int to, int station, int fragments, int length = 60)
    {
        (_port, _to, _station, _fragments, _length) = (port, to, station, fragments, length);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public long Sent => Volatile.Read(ref _sent);

    public bool IsRunning => _thread.IsAlive;

    public long Dropped => _port.Port.TxRings[0].Counters.Drops.Total;

    public long DroppedFor(DropReason reason) => _port.Drops(reason);

    /// <summary>Checks a packet and says who sent it, and as which.</summary>
    public static (int Station, long Number) Check(ReadOnlySpan<byte> packet)
    {
        int station = BinaryPrimitives.ReadInt32LittleEndian(packet[Station..]);
        long number = BinaryPrimitives.ReadInt64LittleEndian(packet[Number..]);
        Assert.Equal(SumOf(number, station), BinaryPrimitives.ReadInt64LittleEndian(packet[Sum..]));
        Assert.Equal(-1, packet[(Sum + 8)..].IndexOfAnyExcept((byte)number));
        return (station, number);
    }

    public void Stop()
    {
        _stop = true;
        _thread.Join();
        Assert.Null(_failure);
    }

    private static long SumOf(long number, int station) => (number * 0x9E3779B97F4A7C1) ^ station;

    private void Run()
    {
        try
        {
            byte[] packet = Frame.Make(_to, _station, _length);
            int piece = _length / _fragments;
            while (!_stop)
            {
                for (int i = 0; i < Burst; i++)
                {
                    Put(packet, piece);
                    _sent++;
                }

                long before = Dropped;
                Assert.Equal(SyncStatus.Dry, _port.Sync());
                if (Dropped != before)
                {
                    // The receiver's thread may be waiting for this core.
                    Thread.Yield();
                }
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
        }
    }

    private void Put(byte[] packet, int piece)
    {
        BinaryPrimitives.WriteInt64LittleEndian(packet.AsSpan(Number), _sent);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(Station), _station);
        BinaryPrimitives.WriteInt64LittleEndian(packet.AsSpan(Sum), SumOf(_sent, _station));
        packet.AsSpan(Sum + 8).Fill((byte)_sent);
        for (int i = 0; i < _fragments; i++)
        {
            bool last = i == _fragments - 1;
            ReadOnlySpan<byte> part = last ? packet.AsSpan(i * piece) : packet.AsSpan(i * piece, piece);
            _port.Put(part, last ? SlotFlags.None : SlotFlags.MoreFragments);
        }
    }
}
