using Microsoft.Win32.SafeHandles;
using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Linux;

public class EventFdTests
{
    [Fact]
    public void Signals_add_up_and_are_taken_at_once()
    {
        using var kick = new EventFd();
        Assert.False(kick.TryConsume());
        kick.Signal();
        kick.Signal();
        Assert.True(kick.Wait(Timeout.InfiniteTimeSpan));
        Assert.False(kick.TryConsume());
    }

    [Fact]
    public void A_closed_counter_leaves_whatever_has_its_number_now_alone()
    {
        var old = new EventFd();
        old.Dispose();
        using var next = new EventFd();
        old.Signal();
        Assert.False(next.TryConsume());
        next.Signal();
        Assert.False(old.TryConsume());
        Assert.True(next.TryConsume());
    }

    [Fact]
    public void A_signal_that_meets_the_closing_reaches_nobody_else()
    {
        EventFd current = new();
        bool stop = false;
        var signals = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                Volatile.Read(ref current).Signal();
            }
        });
        signals.Start();
        int strays = 0;
        for (int i = 0; i < 20_000; i++)
        {
            current.Dispose();

            // Most often it has the number that was closed.
            using var other = new EventFd();
            strays += other.TryConsume() ? 1 : 0;
            Volatile.Write(ref current, new EventFd());
        }

        Volatile.Write(ref stop, true);
        signals.Join();
        current.Dispose();
        Assert.Equal(0, strays);
    }

    [Fact]
    public void A_shared_counter_counts_every_signal_of_many_threads()
    {
        using var counter = new EventFd();
        using var shared = new EventFd(counter.Descriptor.Duplicate(), shared: true);
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < 1000; i++)
            {
                shared.Signal();
            }
        });
        using FileStream stream = Open(counter);
        byte[] value = new byte[sizeof(ulong)];
        stream.ReadExactly(value);
        Assert.Equal(4000UL, BitConverter.ToUInt64(value));
    }

    [Fact]
    public async Task A_full_counter_that_its_other_owner_made_blocking_does_not_stop_a_signal()
    {
        if (!EventFd.CanSignalShared)
        {
            Assert.Skip("no asynchronous I/O here (io_setup)");
        }

        using var counter = new EventFd();
        using var shared = new EventFd(counter.Descriptor.Duplicate(), shared: true);
        Fill(counter);
        Task signal = Task.Run(shared.Signal, TestContext.Current.CancellationToken);
        await signal.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(counter.Wait(TimeSpan.Zero));
    }

    /// <summary>Fills the counter, and has writes to it block.</summary>
    internal static void Fill(EventFd counter)
    {
        using FileStream stream = Open(counter);
        stream.Write(BitConverter.GetBytes(ulong.MaxValue - 1));
        Assert.True(counter.Descriptor.TrySetNonBlocking(on: false));
    }

    private static FileStream Open(EventFd counter) =>
        new(new SafeFileHandle(counter.Descriptor.Number, ownsHandle: false), FileAccess.ReadWrite, bufferSize: 0);

    [Fact]
    public void Waiting_with_no_time_left_says_that_nothing_came()
    {
        using var kick = new EventFd();
        Assert.False(kick.Wait(TimeSpan.Zero));
    }
}
