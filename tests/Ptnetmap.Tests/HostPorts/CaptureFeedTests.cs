using CsCheck;
using Ptnetmap.HostPorts.Pcap;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Frames between the thread that reads a capture and the one that replays it.</summary>
public class CaptureFeedTests
{
    [Fact]
    public void A_queue_gives_what_was_put_into_it_in_order_whatever_the_lengths() =>
        Gen.Select(Gen.Int[0, 70_000].Array[1, 60], Gen.Int[1, 20]).Sample((lengths, atOnce) =>
        {
            var queue = new FrameQueue();
            int put = 0;
            for (int taken = 0; taken < lengths.Length; taken++)
            {
                while (put < lengths.Length && put - taken < atOnce
                    && queue.TryAdd(Frame(put, lengths[put]), TimeOf(put)))
                {
                    put++;
                }

                Assert.True(queue.TryPeek(out int length));
                Assert.Equal((lengths[taken], TimeOf(taken)), (length, queue.Nanoseconds));
                Assert.True(queue.Frame.SequenceEqual(Frame(taken, length)));
                queue.Advance();
            }

            Assert.False(queue.TryPeek(out _));
        });

    [Fact]
    public void The_longest_frames_always_get_room()
    {
        var queue = new FrameQueue();
        byte[] frame = new byte[CaptureReader.MaxFrame];
        for (int i = 0; i < 20; i++)
        {
            Assert.True(queue.TryAdd(frame, null));
            Assert.True(queue.TryPeek(out int length));
            Assert.Equal(frame.Length, length);
            queue.Advance();
        }
    }

    [Fact]
    public void A_file_longer_than_the_queue_arrives_whole_and_as_often_as_asked()
    {
        byte[][] frames = [.. Enumerable.Range(0, 3_000).Select(i => Frame(i, 1_000))];
        using var arrived = new SemaphoreSlim(0);
        using var feed = new CaptureFeed(2, () => arrived.Release());
        feed.Start(Read(new MemoryStream(CaptureFile.Classic(CaptureFile.Nanoseconds, false, frames))),
            new MemoryStream());
        foreach (int expected in (int[])[.. Enumerable.Range(0, 3_000), -1, .. Enumerable.Range(0, 3_000), -1, -2])
        {
            int length;
            while (!feed.Frames.TryPeek(out length))
            {
                Assert.True(!feed.TryAskForMore()
                    || arrived.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            }

            Assert.Equal(expected < 0 ? expected : 1_000, length);
            Assert.True(expected < 0 || feed.Frames.Frame.SequenceEqual(frames[expected]));
            feed.Frames.Advance();
            feed.Freed();
        }
    }

    [Fact]
    public void A_file_system_that_does_not_answer_keeps_nobody_waiting_and_the_file_is_closed_when_it_does()
    {
        using var file = new SlowFile(CaptureFile.Classic(CaptureFile.Nanoseconds, false, new byte[60]));
        CaptureReader reader = Read(file);
        file.Answers.Reset();
        using var closed = new ManualResetEventSlim();
        var feed = new CaptureFeed(1, () => { }, TimeSpan.Zero);
        feed.Start(reader, new Closing(closed.Set));
        Assert.True(feed.TryAskForMore());
        feed.Dispose();
        Assert.False(closed.IsSet);
        file.Answers.Set();
        Assert.True(closed.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    private static CaptureReader Read(Stream stream) => CaptureReader.Open("file", stream);

    private static Int128? TimeOf(int i) => i % 3 == 0 ? null : (Int128)i << 90;

    private static byte[] Frame(int seed, int length)
    {
        var frame = new byte[length];
        new Random(seed).NextBytes(frame);
        return frame;
    }

    private sealed class SlowFile(byte[] bytes) : MemoryStream(bytes)
    {
        internal ManualResetEventSlim Answers { get; } = new(initialState: true);

        public override int Read(Span<byte> buffer)
        {
            Answers.Wait();
            return base.Read(buffer);
        }
    }

    private sealed class Closing(Action closed) : IDisposable
    {
        public void Dispose() => closed();
    }
}
