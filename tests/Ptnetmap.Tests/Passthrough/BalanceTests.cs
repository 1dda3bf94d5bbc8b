using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Rings are spread over the workers as ports come and go, whatever they are at.</summary>
public sealed class BalanceTests : IDisposable
{
    // Short for a pass that does not end; what does has to be seen to end within it, on a machine that has other things
    // to do.
    private readonly Quiescence _quiescence = new(TimeSpan.FromMilliseconds(700));
    private readonly WorkerPool _workers = new(2);
    private readonly MemoryRegion _region =
        MemoryRegion.Create(
            new RegionRequest { Ports = 5, Slots = 64, BufferSize = 128, HugePages = HugePagePolicy.Off });

    private readonly List<PlayedPort> _ports = [];
    private readonly List<GuestAttachment> _guests = [];

    public void Dispose()
    {
        _guests.ForEach(guest => guest.Dispose());
        _ports.ForEach(port => port.Dispose());
        _workers.Dispose();
        _region.Dispose();
    }

    [Fact]
    public void What_is_left_is_served_by_all_workers_when_ports_go()
    {
        Come(4);
        Assert.Equal([4, 4], Rings());
        Assert.Same(_guests[1].Loops.Worker, _guests[3].Loops.Worker);

        _guests[0].Dispose();
        _guests[2].Dispose();

        Assert.Equal([2, 2], Rings());
        Assert.NotSame(_guests[1].Loops.Worker, _guests[3].Loops.Worker);
        AssertServed(1, head: 3);
        AssertServed(3, head: 5);
    }

    [Fact]
    public void What_is_as_even_as_can_be_is_left_where_it_is()
    {
        Come(3);
        Worker?[] before = [.. _guests.Select(guest => guest.Loops.Worker)];
        _guests[1].Dispose();
        Assert.Equal([2, 2], Rings());
        before[1] = null;
        before[_guests[0].Loops.Worker == before[0] ? 2 : 0] = _workers.Workers[1];
        Assert.Equal([before[0], before[2]], [_guests[0].Loops.Worker, _guests[2].Loops.Worker]);

        _guests[2].Dispose();
        Assert.Same(before[0], _guests[0].Loops.Worker);
    }

    [Fact]
    public void Whoever_shares_a_worker_with_a_pass_that_does_not_end_is_served_by_another_once_that_is_known()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Come(3);
        Assert.Same(_guests[0].Loops.Worker, _guests[2].Loops.Worker);
        _ports[0].Sending = _ =>
        {
            entered.Set();
            release.Wait();
        };
        PlayedBed.Send(_guests[0], 0, head: 1);
        PlayedBed.Await(() => entered.IsSet);

        _guests[0].Dispose();

        Assert.True(_guests[0].IsStranded);
        AssertServed(2, head: 4);
        Come(1);
        AssertServed(3, head: 6);
        release.Set();
        PlayedBed.Await(() => _quiescence.Wait());
    }

    [Fact]
    public void A_ring_that_is_never_done_goes_on_at_the_worker_that_it_is_moved_to()
    {
        var quiescence = new Quiescence();
        using var region = MemoryRegion.Create(
            new RegionRequest { Ports = 2, Slots = 64, BufferSize = 128, HugePages = HugePagePolicy.Off });
        using var endless = new EndlessPort(region, 64, quiescence);
        using var played = new PlayedPort("vale0:b", region, quiescence);
        int thread = 0;
        played.Sending = _ => Volatile.Write(ref thread, Environment.CurrentManagedThreadId);
        using var splice = Splice.Connect(endless, played, _workers, NotificationPolicy.Sleep, quiescence);
        Worker[] workers = [splice.Loops.Worker!, _workers.Workers.First(worker => worker != splice.Loops.Worker)];
        PlayedBed.Await(() => Volatile.Read(ref thread) != 0);
        int first = thread;
        for (int i = 1; i < 100; i++)
        {
            Assert.True(splice.Loops.TryMoveTo(workers[i % 2]));
            PlayedBed.Await(() => (Volatile.Read(ref thread) == first) == (i % 2 == 0));
        }
    }

    private void Come(int count)
    {
        for (int i = 0; i < count; i++)
        {
            var port = new PlayedPort($"vale0:{_ports.Count}", _region, _quiescence);
            _ports.Add(port);
            _guests.Add(GuestAttachment.Attach(port, _workers, NotificationPolicy.Sleep, _quiescence));
        }
    }

    private IEnumerable<int> Rings() => _workers.Workers.Select(worker => worker.RingCount);

    private void AssertServed(int guest, uint head)
    {
        PlayedBed.Send(_guests[guest], 0, head);
        PlayedBed.Await(() => _ports[guest].Sent(0) == head);
    }
}
