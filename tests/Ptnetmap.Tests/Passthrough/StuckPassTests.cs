using System.Collections.Concurrent;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A pass that does not end stops nobody who takes things away: what it may use stays, all else goes
/// on.</summary>
public sealed class StuckPassTests : IDisposable
{
    // Not shorter: what does end has to be seen to end within it, on a machine that has other things to do.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly PlayedBed _bed = new(Short, workers: 2, rings: 1);
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _release = new();
    private readonly GuestAttachment _stuck;

    public StuckPassTests()
    {
        _bed.Quiescence.Stuck = _told.Enqueue;
        _bed.Port.Sending = _ =>
        {
            _entered.Set();
            _release.Wait();
        };
        _stuck = _bed.Attach();
        PlayedBed.Send(_stuck, 0, head: 1);
        PlayedBed.Await(() => _entered.IsSet);
    }

    public void Dispose()
    {
        _release.Set();
        _bed.Dispose();
        _entered.Dispose();
        _release.Dispose();
    }

    [Fact]
    public void Its_guest_and_its_port_are_taken_away_and_their_memory_stays()
    {
        _stuck.Dispose();
        _bed.Port.Dispose();
        _bed.Region.Dispose();

        Assert.True(_stuck.IsStranded);
        Assert.Equal(["vale0:a ring tx0"], _told);
        Assert.Equal(1, _bed.Region.OpenPorts);
        _bed.Region.Bytes(0, 1)[0]++;
        _stuck.Csb.Span[0]++;
        Assert.False(_bed.Workers.TryEnd(Short));
    }

    [Fact]
    public void Nobody_else_gets_its_rings()
    {
        _stuck.Dispose();

        var refusal = Assert.Throws<InvalidOperationException>(() => _bed.Attach());
        Assert.Contains("does not end", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_ports_come_work_and_go()
    {
        using var region = MemoryRegion.Create(
            new RegionRequest { Id = 7, Slots = 64, BufferSize = 128, HugePages = HugePagePolicy.Off });
        var other = new PlayedPort("vale0:b", region, _bed.Quiescence);
        GuestAttachment guest = _bed.Attach(other);

        PlayedBed.Send(guest, 0, head: 4);
        PlayedBed.Await(() => other.Sent(0) == 4);
        guest.Dispose();
        other.Dispose();

        Assert.Equal(["vale0:a ring tx0"], _told);
        _release.Set();
        Assert.True(_bed.Workers.TryEnd(TimeSpan.FromSeconds(60)));
        Assert.True(_bed.Quiescence.Wait());
    }
}
