using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Daemon.Transports;

/// <summary>Names clients that misbehave, and the guests behind them, with the port and what they did; a port at most
/// five times in ten seconds. Called on the device thread: nothing here waits.</summary>
public sealed class ClientObserver(ILogger log) : ISessionObserver
{
    private readonly ConcurrentDictionary<IServed, ClientRecord> _records = new();
    private int _starved;

    /// <summary>What <paramref name="served"/>'s clients do goes into <paramref name="record"/>.</summary>
    public void Add(IServed served, ClientRecord record) => _records[served] = record;

    /// <summary>The device is served no more.</summary>
    public void Remove(IServed served) => _records.TryRemove(served, out _);

    /// <inheritdoc/>
    public void Connected(IServed served)
    {
        if (!_records.TryGetValue(served, out ClientRecord? record))
        {
            return;
        }

        record.Changed();
        if (record.Comings.TryPass(out long passedOver))
        {
            ClientLog.Connected(log, record.Port, served.Kind, passedOver);
        }
    }

    /// <inheritdoc/>
    public void Disconnected(IServed served, string reason)
    {
        if (!_records.TryGetValue(served, out ClientRecord? record))
        {
            return;
        }

        record.Changed();
        if (!record.Comings.TryPass(out long passedOver))
        {
            return;
        }

        if (served.IsGivenUp)
        {
            ClientLog.GaveUp(log, record.Port, served.Kind, reason);
        }
        else
        {
            ClientLog.Disconnected(log, record.Port, served.Kind, reason, passedOver);
        }
    }

    /// <inheritdoc/>
    public void Refused(IServed served, string what)
    {
        if (!_records.TryGetValue(served, out ClientRecord? record))
        {
            return;
        }

        record.CountRefusal();
        if (record.Faults.TryPass(out long passedOver))
        {
            ClientLog.Refused(log, record.Port, served.Kind, what, record.Refusals, passedOver);
        }
    }

    /// <inheritdoc/>
    /// <remarks>One line for all devices: what is missing is the process's.</remarks>
    public void Starved(IServed served, string reason)
    {
        if (Interlocked.Increment(ref _starved) == 1)
        {
            ClientLog.Starved(log, reason);
        }
    }

    /// <inheritdoc/>
    public void Fed(IServed served)
    {
        if (Interlocked.Decrement(ref _starved) == 0)
        {
            ClientLog.Fed(log);
        }
    }
}
