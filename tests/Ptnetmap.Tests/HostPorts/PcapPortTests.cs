using CsCheck;
using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Ports whose other side is files.</summary>
public sealed class PcapPortTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryRegion _region = MemoryRegion.Create(
        new RegionRequest { Slots = 128, BufferSize = 512, HugePages = HugePagePolicy.Off });

    public void Dispose()
    {
        _region.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_sent_is_what_is_replayed_whatever_the_frames() =>
        Gen.Byte.Array[14, 2000].Array[1, 40].Sample(frames => Assert.Equal(frames, Replay(Capture(frames), loops: 1)),
            iter: 50, threads: 1);

    [Fact]
    public void A_file_is_replayed_as_often_as_asked()
    {
        byte[][] frames = [new byte[60], new byte[61]];
        Assert.Equal([60, 61, 60, 61, 60, 61], Replay(Capture(frames), loops: 3).Select(frame => frame.Length));
    }

    [Fact]
    public void A_file_without_packets_is_taken_and_told_as_such()
    {
        string file = _folder["empty"];
        File.WriteAllBytes(file, CaptureFile.Classic(CaptureFile.Microseconds, false));
        using PcapPort port = Open(new PcapPortOptions { Input = file, Slots = 128, Loops = 0 });
        RxSource source = port.SourceOf(port.RxRings[0])!;
        while (!port.IsFinished)
        {
            Assert.Equal(0, Poll.WaitAny([source.Descriptor.Number], TimeSpan.FromSeconds(60)));
            Assert.Equal(SyncStatus.Dry, source.RxSync(port.RxRings[0], 64));
        }

        Assert.Equal(0, port.RxRings[0].Counters.Packets);
        Assert.Equal($"{file} has no packets", port.Describe().Note);
    }

    [Fact]
    public void Recorded_distances_are_kept()
    {
        string file = _folder["timed"];
        File.WriteAllBytes(file,
            CaptureFile.Classic(CaptureFile.Microseconds, false, [new byte[60], new byte[60], new byte[60]]));
        using PcapPort port = Open(new PcapPortOptions { Input = file, Slots = 128, RecordedTimes = true });
        RxSource source = port.SourceOf(port.RxRings[0])!;
        long begun = LinuxThread.MonotonicNanoseconds;
        while (!port.IsFinished)
        {
            Assert.Equal(0, Poll.WaitAny([source.Descriptor.Number], TimeSpan.FromSeconds(60)));
            Assert.Equal(SyncStatus.Dry, source.RxSync(port.RxRings[0], 64));
        }

        Assert.Equal(3, port.RxRings[0].Counters.Packets);
        Assert.True(LinuxThread.MonotonicNanoseconds - begun >= 2_000_000);
    }

    [Fact]
    public void Nothing_is_lost_or_repeated_when_the_ring_is_full_in_between()
    {
        byte[][] frames =
            [.. Enumerable.Range(0, 500).Select(i => BitConverter.GetBytes(i).Concat(new byte[60]).ToArray())];
        Assert.Equal(frames, Replay(Capture(frames), loops: 1, budget: 7));
    }

    [Fact]
    public void Long_captures_are_cut_at_the_snap_length_and_short_and_bad_packets_left_out()
    {
        string file = _folder["cut"];
        using (PcapPort port = Open(new PcapPortOptions { Output = file, Slots = 128, SnapLength = 20 }))
        {
            Kring tx = port.TxRings[0];
            Put(tx, new byte[100]);
            Put(tx, new byte[13]);
            tx.Ring.Slots[(int)tx.Head].Word = new SlotWord(uint.MaxValue, 60, SlotFlags.None);
            Assert.True(tx.TryAdvance(tx.Ring.Next(tx.Head), tx.Ring.Next(tx.Head)));
            Assert.Equal(SyncStatus.Dry, port.TxSync(tx, 64));
            Assert.Equal((1, 1),
                (tx.Counters.Drops.Of(DropReason.Runt), tx.Counters.Drops.Of(DropReason.BadBufferIndex)));
        }

        Assert.Equal(20, Assert.Single(Replay(file, loops: 1)).Length);
    }

    [Fact]
    public void A_port_without_files_takes_everything_and_gives_nothing()
    {
        using PcapPort port = Open(new PcapPortOptions { Slots = 128 });
        Put(port.TxRings[0], new byte[60]);
        Assert.Equal(SyncStatus.Dry, port.TxSync(port.TxRings[0], 64));
        Assert.Equal(1, port.TxRings[0].Counters.Packets);
        Assert.True(port.IsFinished);
        Assert.Equal("-,-", port.Describe().Interface);
    }

    [Fact]
    public void Of_an_input_that_is_cut_off_the_whole_frames_are_replayed_and_the_rest_is_told()
    {
        string file = _folder["cut"];
        byte[] whole = CaptureFile.Classic(CaptureFile.Nanoseconds, false, [new byte[60], new byte[60]]);
        File.WriteAllBytes(file, whole[..^5]);
        using PcapPort port = Open(new PcapPortOptions { Input = file, Slots = 128, Loops = 2 });
        Assert.Equal([60, 60], Frames(port).Select(frame => frame.Length));
        Assert.Equal(
            $"{file}: offset 116: the file ends within a frame's bytes: 55 of 60 bytes are there; the frame before " +
            "it is replayed",
            port.Describe().Note);
    }

    [Fact]
    public void An_input_with_no_whole_frame_is_refused_when_it_is_opened()
    {
        string file = _folder["damaged"];
        byte[] whole = CaptureFile.Classic(CaptureFile.Nanoseconds, false, [new byte[60]]);
        File.WriteAllBytes(file, whole[..^5]);
        var told =
            Assert.Throws<PcapException>(() => Open(new PcapPortOptions { Input = file, Slots = 128 }).Dispose());
        Assert.Contains("offset 40: the file ends within a frame's bytes: 55 of 60", told.Message,
            StringComparison.Ordinal);
        Assert.Contains(_folder["none"],
            Assert.Throws<PcapException>(() => Open(new PcapPortOptions { Input = _folder["none"], Slots = 128 })
                .Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_of_other_kinds_are_left_out_and_counted()
    {
        string file = _folder["mixed"];
        var blocks = new CaptureBlocks();
        File.WriteAllBytes(file, [
            .. blocks.Section(), .. blocks.Interface(), .. blocks.Interface(CaptureBlocks.Loopback), .. blocks.Packet(1,
                new byte[60]),
            .. blocks.Packet(2, new byte[60], 1), .. blocks.Packet(3, new byte[61])]);
        using PcapPort port = Open(new PcapPortOptions { Input = file, Slots = 128, Loops = 2 });
        Assert.Equal([60, 61, 60, 61], Frames(port).Select(frame => frame.Length));
        Assert.Equal(2, port.Describe().Counters["left_out"]);
    }

    [Fact]
    public void Frames_before_the_first_that_has_a_time_and_after_times_that_go_back_wait_for_nothing()
    {
        string file = _folder["times"];
        var blocks = new CaptureBlocks();
        File.WriteAllBytes(file, [
            .. blocks.Section(), .. blocks.Interface(options: blocks.Resolution(0)), .. blocks.Simple(60, new byte[60]),
            .. blocks.Packet(ulong.MaxValue, new byte[60]), .. blocks.Packet(3, new byte[60]), .. blocks.Packet(2,
                new byte[60])]);
        using PcapPort port = Open(new PcapPortOptions { Input = file, Slots = 128, RecordedTimes = true });
        Assert.Equal(4, Frames(port).Count);
    }

    internal static void Put(Kring tx, ReadOnlySpan<byte> frame)
    {
        do
        {
            ref NetmapSlot slot = ref tx.Ring.Slots[(int)tx.Head];
            ReadOnlySpan<byte> part = frame[..Math.Min(frame.Length, 512)];
            frame = frame[part.Length..];
            part.CopyTo(tx.Buffers[slot.BufferIndex]);
            slot.Word = new SlotWord(slot.BufferIndex, (ushort)part.Length,
                frame.IsEmpty ? SlotFlags.None : SlotFlags.MoreFragments);
            uint head = tx.Ring.Next(tx.Head);
            Assert.True(tx.TryAdvance(head, head));
        }
        while (!frame.IsEmpty);
    }

    private PcapPort Open(PcapPortOptions options) => PcapPort.Create("pcap:test", _region, options, new Quiescence());

    private string Capture(byte[][] frames)
    {
        string file = _folder["captured"];
        using PcapPort port = Open(new PcapPortOptions { Output = file, Slots = 128 });
        foreach (byte[] frame in frames)
        {
            Put(port.TxRings[0], frame);
            Assert.Equal(SyncStatus.Dry, port.TxSync(port.TxRings[0], 64));
        }

        Assert.Equal(0, port.TxRings[0].Counters.Drops.Total);
        return file;
    }

    private List<byte[]> Replay(string file, long loops, uint budget = 64)
    {
        using PcapPort port = Open(new PcapPortOptions { Input = file, Slots = 128, Loops = loops });
        return Frames(port, budget);
    }

    private static List<byte[]> Frames(PcapPort port, uint budget = 64)
    {
        Kring rx = port.RxRings[0];
        var frames = new List<byte[]>();
        var bytes = new List<byte>();
        while (!port.IsFinished)
        {
            _ = port.SourceOf(rx)!.RxSync(rx, budget);
            while (rx.Head != rx.HwTail)
            {
                SlotWord word = rx.Ring.Slots[(int)rx.Head].Word;
                bytes.AddRange(rx.Buffers[word.BufferIndex][..word.Length]);
                Assert.True(rx.TryAdvance(rx.Ring.Next(rx.Head), rx.Ring.Next(rx.Head)));
                if (!word.Has(SlotFlags.MoreFragments))
                {
                    frames.Add([.. bytes]);
                    bytes.Clear();
                }
            }
        }

        return frames;
    }
}
