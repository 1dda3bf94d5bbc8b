using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Linux;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Measuring;

/// <summary>Reads all counters of a bed while it runs, without stopping or slowing anybody.</summary>
public sealed class Sampler(Testbed bed)
{
    private readonly Kring[] _rings = [.. bed.Rings];
    private readonly Worker[] _workers = [.. bed.Host.Workers.Workers];
    private readonly IBenchGuest[] _guests = [.. bed.Crew.All];
    private readonly IBenchGuest[] _senders = [.. bed.Crew.Senders];
    private readonly IBenchGuest[] _receivers = [.. bed.Crew.Receivers];
    private readonly IBenchGuest[] _forwarders = [.. bed.Crew.Forwarders];

    private readonly Party[] _parties = [.. bed.Crew.Parties];
    private readonly int _copies = bed.Settings.Fan?.Copies ?? 1;

    /// <summary>The sample that opens a window: what allocates or stops the world comes first, the clock
    /// last.</summary>
    public void Open(Sample sample)
    {
        ReadRuntime(sample);
        ReadCounters(sample);
    }

    /// <summary>The sample that closes a window: the clock first.</summary>
    public void Close(Sample sample)
    {
        ReadCounters(sample);
        ReadRuntime(sample);
    }

    /// <summary>A sample that has room for all of the bed.</summary>
    public Sample NewSample() => new(_parties.Length);

    /// <summary>Frames that the senders have sent; where each goes to several receivers, the copies.</summary>
    public long PacketsSent => Sum(_senders).Packets * _copies;

    /// <summary>Frames that the receivers have got, and those that are left to receivers which take their
    /// time.</summary>
    public long PacketsReceived
    {
        get
        {
            long sum = Sum(_receivers).Packets;
            foreach (Party party in _parties)
            {
                sum += party.Role is PartyRole.Slow or PartyRole.Stalled ? party.Unread : 0;
            }

            return sum;
        }
    }

    /// <summary>Frames that a ring has dropped, for whatever reason.</summary>
    public long PacketsDropped
    {
        get
        {
            long sum = 0;
            foreach (Kring ring in _rings)
            {
                sum += ring.Counters.Drops.Total;
            }

            return sum;
        }
    }

    /// <summary>The clock and the counters, without the runtime's.</summary>
    public void ReadCounters(Sample sample)
    {
        sample.Nanoseconds = LinuxThread.MonotonicNanoseconds;
        sample.ProcessCpu = LinuxThread.ProcessCpuNanoseconds;
        sample.Switches = LinuxThread.ProcessVoluntarySwitches;
        (sample.WorkerCpu, sample.WorkerWakeUps, sample.Rings) = (0, 0, default);
        foreach (Worker worker in _workers)
        {
            sample.WorkerCpu += worker.CpuNanoseconds;
            sample.WorkerWakeUps += worker.WakeUps;
        }

        foreach (Kring ring in _rings)
        {
            sample.Rings.Add(ring);
        }

        foreach (IBenchGuest guest in _guests)
        {
            sample.ProcessCpu += guest.OutsideCpuNanoseconds;
        }

        sample.Received = Sum(_receivers);
        sample.Forwarded = Sum(_forwarders);
        sample.Sent = Sum(_senders);
        for (int i = 0; i < _parties.Length; i++)
        {
            sample.Parties[i] = _parties[i].Packets;
        }
    }

    /// <summary>Collections and allocated bytes. The latter are the precise kind, which stops all managed threads for
    /// microseconds: never inside a window.</summary>
    public static void ReadRuntime(Sample sample)
    {
        sample.Allocated = GC.GetTotalAllocatedBytes(precise: true);
        sample.Collections = GC.CollectionCount(0);
    }

    private static GuestCounters Sum(IBenchGuest[] guests)
    {
        GuestCounters sum = default;
        foreach (IBenchGuest guest in guests)
        {
            sum.Add(guest.Counters);
        }

        return sum;
    }
}
