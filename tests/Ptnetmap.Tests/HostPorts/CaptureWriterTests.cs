using CsCheck;
using Ptnetmap.HostPorts;
using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Captures on disks that take no more, or do not answer.</summary>
public sealed class CaptureWriterTests : IDisposable
{
    private readonly MemoryRegion _region = MemoryRegion.Create(
        new RegionRequest { Slots = 128, BufferSize = 512, HugePages = HugePagePolicy.Off });

    public void Dispose() => _region.Dispose();

    [Fact]
    public void What_is_counted_is_in_the_file_and_the_rest_is_dropped_for_its_reason() =>
        Gen.Select(Gen.Int[0, 6_000], Gen.Int[1, 700], Gen.Int[14, 512].Array[1, 60]).Sample(
            (room, part, lengths) =>
            {
                using var disk = new Disk(room, part);
                using PcapPort port = Open();
                Kring tx = port.TxRings[0];
                using (var writer = new CaptureWriter(CaptureReader.MaxFrame))
                {
                    writer.Start(disk, tx);
                    Array.ForEach(lengths, length => Append(writer, tx, length));
                }

                byte[][] frames = disk.Frames();
                Assert.Equal(lengths[..frames.Length], frames.Select(frame => frame.Length));
                Assert.Equal((frames.Length, lengths[..frames.Length].Sum()), (tx.Counters.Packets, tx.Counters.Bytes));
                Assert.Equal(lengths.Length - frames.Length, tx.Counters.Drops.Of(DropReason.Refused));
                Assert.Equal(lengths.Length - frames.Length, tx.Counters.Drops.Total);
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void A_full_disk_is_told_and_takes_nothing_more()
    {
        using var disk = new Disk(100, 1_000);
        using PcapPort port = Open();
        using var writer = new CaptureWriter(CaptureReader.MaxFrame);
        writer.Start(disk, port.TxRings[0]);
        Append(writer, port.TxRings[0], 60);
        Append(writer, port.TxRings[0], 60);
        Assert.True(SpinWait.SpinUntil(() => writer.Failure is not null, TimeSpan.FromSeconds(60)));
        Assert.Equal("the disk is full; nothing more is written to it", writer.Failure);
        Append(writer, port.TxRings[0], 14);
        writer.Dispose();
        Assert.Equal((1, 2), (port.TxRings[0].Counters.Packets, port.TxRings[0].Counters.Drops.Of(DropReason.Refused)));
        Assert.Equal(60, Assert.Single(disk.Frames()).Length);
    }

    [Fact]
    public void A_disk_that_does_not_answer_keeps_nobody_waiting_and_has_it_all_when_it_does()
    {
        using var disk = new Disk(100_000, 100_000) { Answers = new ManualResetEventSlim() };
        using PcapPort port = Open();
        var writer = new CaptureWriter(CaptureReader.MaxFrame, TimeSpan.Zero);
        writer.Start(disk, port.TxRings[0]);
        Append(writer, port.TxRings[0], 60);
        writer.Dispose();
        Assert.Equal(0, port.TxRings[0].Counters.Packets);
        disk.Answers.Set();
        Assert.True(disk.Closed.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal(60, Assert.Single(disk.Frames()).Length);
        Assert.Equal(1, port.TxRings[0].Counters.Packets);
    }

    [Fact]
    public void A_slow_disk_costs_frames_that_are_counted_as_such()
    {
        using var disk = new Disk(100_000_000, 100_000_000) { Answers = new ManualResetEventSlim() };
        using PcapPort port = Open();
        Kring tx = port.TxRings[0];
        const int Sent = 20_000;
        using (var writer = new CaptureWriter(CaptureReader.MaxFrame, TimeSpan.FromSeconds(60)))
        {
            writer.Start(disk, tx);
            for (int i = 0; i < Sent; i++)
            {
                Append(writer, tx, 512);
            }

            Assert.InRange(tx.Counters.Drops.Of(DropReason.NoSpace), 1, Sent - 1);
            disk.Answers.Set();
        }

        Assert.Equal(Sent, tx.Counters.Packets + tx.Counters.Drops.Of(DropReason.NoSpace));
        Assert.Equal(tx.Counters.Packets, disk.Frames().Length);
    }

    private static void Append(CaptureWriter writer, Kring tx, int length)
    {
        PcapPortTests.Put(tx, new byte[length]);
        var packet = new TxPacket();
        Assert.True(packet.TryTake(tx));
        writer.Append(packet, DateTime.UtcNow);
        tx.Complete(packet.Slots);
    }

    private PcapPort Open() =>
        PcapPort.Create("pcap:test", _region, new PcapPortOptions { Slots = 128 }, new Quiescence());

    /// <summary>A disk with some bytes of room, which takes a part at a time.</summary>
    private sealed class Disk(int room, int part) : ICaptureOutput
    {
        private byte[] _bytes = [];

        internal ManualResetEventSlim? Answers { get; init; }

        internal ManualResetEventSlim Closed { get; } = new();

        public int Write(ReadOnlySpan<byte> bytes, long offset, out IOException? failure)
        {
            Answers?.Wait();
            int done = 0;
            while (done < bytes.Length && offset + done < room)
            {
                done = Math.Min(Math.Min(bytes.Length, done + part), (int)(room - offset));
            }

            _bytes = [.. _bytes.AsSpan(0, (int)offset), .. bytes[..done]];
            failure = done < bytes.Length ? new IOException("the disk is full") : null;
            return done;
        }

        public void Abandon()
        {
        }

        public void Truncate(long length) => _bytes = _bytes[..(int)length];

        public void Dispose() => Closed.Set();

        /// <summary>What a reader finds, to the last byte.</summary>
        internal byte[][] Frames()
        {
            var frames = new List<byte[]>();
            if (_bytes.Length != 0)
            {
                using CaptureReader reader = CaptureReader.Open("disk", new MemoryStream(_bytes));
                while (reader.TryRead())
                {
                    frames.Add(reader.Frame.ToArray());
                }

                Assert.Null(reader.Damage);
            }

            return [.. frames];
        }
    }
}
