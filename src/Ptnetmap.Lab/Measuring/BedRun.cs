using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Linux;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Measuring;

/// <summary>One run of a bed: start, warm-up, a window between two samples, then the senders stop first so that nothing
/// is under way when sent and received frames are compared. Nothing is allocated inside the window.</summary>
public sealed class BedRun
{
    // A receiver that has got nothing for so long gets nothing any more: what is missing was lost where nobody of ours
    // counts. Long enough for a thread whose CPU is busy with others.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private const long MostDrainNanoseconds = 5_000_000_000;
    private const long MostPatienceNanoseconds = 60_000_000_000;

    private readonly Testbed _bed;
    private readonly StopRequest _stop;
    private readonly Sampler _sampler;
    private readonly LatencyHistogram _warmUpLatency = new();
    private readonly Sample _glimpse;
    private LossWatch? _loss;

    /// <summary>Prepares a run on <paramref name="bed"/>, whose guests have not been started.</summary>
    public BedRun(Testbed bed, StopRequest stop)
    {
        _bed = bed;
        _stop = stop;
        _sampler = new Sampler(bed);
        Opened = _sampler.NewSample();
        Closed = _sampler.NewSample();
        Final = _sampler.NewSample();
        _glimpse = _sampler.NewSample();
    }

    /// <summary>The window's first sample.</summary>
    public Sample Opened { get; }

    /// <summary>The window's last sample.</summary>
    public Sample Closed { get; }

    /// <summary>After the end of all guests.</summary>
    public Sample Final { get; }

    /// <summary>Where frames went that did not arrive; null where nobody counts on the wire.</summary>
    public IReadOnlyList<Loss>? Losses { get; private set; }

    /// <summary>Loss in percent, interval by interval; empty where nobody watches it.</summary>
    public ReadOnlySpan<double> LossSamples => _loss is null ? [] : _loss.Samples;

    /// <summary>Bytes of memory that the process had at the end of the window, hugepages included; null
    /// where the kernel does not say.</summary>
    public long? ResidentBytes { get; private set; }

    /// <summary>Each guest's part of the traffic, where several share a way; null otherwise.</summary>
    public IReadOnlyList<GuestTraffic>? PerGuest { get; private set; }

    /// <summary>The bed's senders and receivers, where both are guests.</summary>
    public IReadOnlyList<Party> Parties => _bed.Crew.Parties;

    /// <summary>The window's times; empty when nobody recorded any.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Shows figures inside the window; null: nobody looks.</summary>
    public ILiveView? Live { get; init; }

    /// <summary>Runs it.</summary>
    /// <exception cref="GuestFailedException">A guest failed.</exception>
    public void Go(RunTimes times)
    {
        bool byCount = _bed.Settings.Packets != 0;
        _loss = new LossWatch(_bed, times);
        _bed.Boot();
        Rehearse();
        CollectGarbage();
        if (byCount)
        {
            // The window is the whole run; only what starting threads allocates is not the packet path's.
            _sampler.ReadCounters(Opened);
            _bed.Crew.Start();
            _ = _stop.Wait(Look);
            Sampler.ReadRuntime(Opened);
            _loss.Begin(Opened.Nanoseconds);
            WaitUntilSent();
            WaitUntilReceived();
            CloseWindow();
        }
        else
        {
            _bed.Crew.Start();
            _ = _stop.Wait(times.WarmUp);
            AddLatency(_warmUpLatency);
            _sampler.Open(Opened);
            _loss.Begin(Opened.Nanoseconds);
            WaitWindow(times.Window);
            CloseWindow();
        }

        StopAll(_bed.Crew.Senders);
        WaitUntilReceived();
        WaitUntilAccounted();
        StopAll(_bed.Crew.Forwarders);
        StopAll(_bed.Crew.Receivers);
        StopAll(_bed.Crew.Idlers);
        _sampler.ReadCounters(Final);
        Losses = _bed.ReadLosses();
        PerGuest = _bed.PerGuest?.Invoke();
    }

    private static void StopAll(IReadOnlyList<IBenchGuest> guests)
    {
        for (int i = 0; i < guests.Count; i++)
        {
            guests[i].Stop();
        }
    }

    // What start-up left behind goes now, not in the window.
    private static void CollectGarbage()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    // What is used for the first time may allocate once (compiled code, statics): that is not the run's.
    private void Rehearse()
    {
        _sampler.Open(Opened);
        _sampler.Close(Closed);
    }

    private void CloseWindow()
    {
        _sampler.Close(Closed);
        ResidentBytes = ResidentMemory.Read();
        AddLatency(Latency);
        Latency.Subtract(_warmUpLatency);
    }

    private void WaitWindow(TimeSpan window)
    {
        long end = Opened.Nanoseconds + (long)window.TotalNanoseconds;
        long show = Live is null ? long.MaxValue : Opened.Nanoseconds;
        Live?.Begin(Opened);
        do
        {
            show = Live is null ? show : Math.Min(end, show + (long)Live.Interval.TotalNanoseconds);
            if (!WaitUntil(Math.Min(end, show)))
            {
                return;
            }

            if (Live is not null)
            {
                _sampler.ReadCounters(_glimpse);
                Live.Show(_glimpse);
            }
        }
        while (show < end);
    }

    // False when the run was stopped before.
    private bool WaitUntil(long end)
    {
        long next;
        do
        {
            next = Math.Min(end, _loss!.Due);
            if (_stop.Wait(TimeSpan.FromTicks(Math.Max(0, next - LinuxThread.MonotonicNanoseconds) / 100)))
            {
                return false;
            }

            _loss.Look(LinuxThread.MonotonicNanoseconds);
        }
        while (next < end);
        return true;
    }

    private void WaitUntilSent()
    {
        bool finished;
        do
        {
            finished = true;
            for (int i = 0; i < _bed.Crew.Senders.Count; i++)
            {
                finished &= _bed.Crew.Senders[i].IsFinished;
            }

            _loss!.Look(LinuxThread.MonotonicNanoseconds);
        }
        while (!finished && !_stop.Wait(Look));
    }

    private void WaitUntilReceived()
    {
        long start = LinuxThread.MonotonicNanoseconds;
        long lastNews = start;
        long seen = -1;
        long now = start;
        while (now - lastNews < Quiet.TotalNanoseconds && now - start < MostDrainNanoseconds)
        {
            long received = _sampler.PacketsReceived;
            if (received + _sampler.PacketsDropped >= _sampler.PacketsSent)
            {
                return;
            }

            if (received != seen)
            {
                seen = received;
                lastNews = now;
            }

            // Not the stop signal's wait: this is short, and a stopped run is drained too.
            Thread.Sleep(1);
            now = LinuxThread.MonotonicNanoseconds;
        }
    }

    // A receiver may be without a processor for longer than that. Where all losses are counted, something is under way
    // until the sum is what was sent.
    private void WaitUntilAccounted()
    {
        long end = LinuxThread.MonotonicNanoseconds + MostPatienceNanoseconds;
        while (_bed.Settings.Via != Via.Wire && !_stop.IsRequested && LinuxThread.MonotonicNanoseconds < end
            && _sampler.PacketsReceived + LostByCounters() < _sampler.PacketsSent
            && !_bed.Crew.Receivers.Any(guest => guest.IsFinished))
        {
            _ = _stop.Wait(Look);
        }

        long LostByCounters() => _bed.ReadLosses()?.Sum(loss => loss.Frames) ?? _sampler.PacketsDropped;
    }

    private void AddLatency(LatencyHistogram sum)
    {
        foreach (IBenchGuest guest in _bed.Crew.Receivers)
        {
            if (guest.Latency is { } latency)
            {
                sum.Add(latency);
            }
        }
    }
}
