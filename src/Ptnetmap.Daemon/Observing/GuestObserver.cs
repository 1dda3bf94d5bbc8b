using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Observing;

/// <summary>Looks at the counters once a second while somebody is attached, and names a guest that misbehaves with its
/// port and what it did. Each port is named at most once in ten seconds, with all that came since. When nobody is
/// attached it sleeps until somebody is, so an idle daemon stays idle.</summary>
public sealed class GuestObserver : IDisposable
{
    /// <summary>Least time between two lines about one port.</summary>
    public static readonly TimeSpan Quiet = ClientRecord.Quiet;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Inventory _inventory;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly Dictionary<ServedPort, (Misdeeds Told, long At)> _told = [];
    private readonly ConcurrentQueue<ServedRing> _failed = new();
    private readonly EventFd _news = new();
    private readonly StallWatch _stalls;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Starts to observe.</summary>
    public GuestObserver(Inventory inventory, ILogger log, TimeProvider? clock = null)
    {
        _inventory = inventory;
        _log = log;
        _clock = clock ?? TimeProvider.System;
        _stalls = new StallWatch(Period, _clock);
        _thread = LinuxThread.Start(new Thread(Run) { Name = "ptnet-observer", IsBackground = true });
        inventory.GuestChanged = _news.Signal;
        inventory.RingFailed = ring =>
        {
            _failed.Enqueue(ring);
            _news.Signal();
        };
    }

    /// <summary>Looks once.</summary>
    /// <returns>True when it is worth looking again though nobody comes or goes.</returns>
    public bool Look()
    {
        lock (_lock)
        {
            TellFailures();
            IReadOnlyList<ServedPort> ports = _inventory.Ports;
            bool owed = false;
            foreach (ServedPort port in ports)
            {
                port.Transport.LookAfter();
                owed |= Look(port);
            }

            foreach (ServedPort gone in _told.Keys.Where(port => !ports.Contains(port)).ToArray())
            {
                _told.Remove(gone);
            }

            // What is owed to the log is still told when the guest that did it has gone. A VM can give its device up
            // before its driver has started the port, too.
            return owed || ports.Any(port => port.HasGuest || port.Transport.Device is { IsConnected: true });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inventory.GuestChanged = () => { };
        _inventory.RingFailed = _ => { };
        _stop = true;
        _news.Signal();
        if (_thread.Join(Quiescence.DefaultPatience))
        {
            _news.Dispose();
        }
    }

    private static Misdeeds Count(ServedPort port, Func<Kring, Misdeeds> of)
    {
        Misdeeds sum = default;
        foreach (Kring ring in port.Port.TxRings)
        {
            sum += of(ring);
        }

        foreach (Kring ring in port.Port.RxRings)
        {
            sum += of(ring);
        }

        return sum;
    }

    // A thread of its own: a timer of the runtime's would wake two threads more for each look.
    private void Run()
    {
        while (!_stop)
        {
            bool again = LookGuarded();
            _stalls.Begin();
            _ = _news.Wait(again ? Period : Timeout.InfiniteTimeSpan);
            if (again && _stalls.End(out (int AtLeast, int AtMost) stall))
            {
                ObserverLog.StoodStill(_log, stall.AtLeast, stall.AtMost);
            }
        }
    }

    private bool LookGuarded()
    {
        try
        {
            return Look();
        }
#pragma warning disable CA1031 // A look that fails ends neither the daemon nor the next look.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            ObserverLog.LookFailed(_log, failure);
            return true;
        }
    }

    private void TellFailures()
    {
        while (_failed.TryDequeue(out ServedRing? ring))
        {
            ObserverLog.StandsStill(_log, ring.Ring.Name, ring.Failure?.Message ?? "", ring.Failure);
        }
    }

    // True when there is something to tell that is not told yet.
    private bool Look(ServedPort port)
    {
        Misdeeds now = Count(port, Misdeeds.Of);
        (Misdeeds told, long at) = _told.TryGetValue(port, out (Misdeeds Told, long At) last) ? last : (default, 0);
        Misdeeds news = now - told;
        if (news.Total == 0)
        {
            return false;
        }

        if (at != 0 && _clock.GetElapsedTime(at) < Quiet)
        {
            return true;
        }

        _told[port] = (now, _clock.GetTimestamp());
        Misdeeds before = Count(port, Misdeeds.Before);
        if (before.Total > told.Total)
        {
            ObserverLog.Misbehaved(_log, port.Name, (before - told).ToString(), before.Total);
            news = now - before;
        }

        if (news.Total != 0)
        {
            Tell(port, news, now.Total);
        }

        return false;
    }

    private void Tell(ServedPort port, Misdeeds news, long total)
    {
        if (port.Bridge is { } bridge)
        {
            ObserverLog.CameOverBridge(_log, port.Name, bridge.Other(port).Name, news.ToString(), total);
        }
        else
        {
            ObserverLog.Misbehaves(_log, port.Name, port.Transport.Kind, news.ToString(), total);
        }
    }
}
