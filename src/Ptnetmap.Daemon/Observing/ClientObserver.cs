using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Serving;

namespace Ptnetmap.Daemon.Observing;

/// <summary>Names clients that misbehave, and the guests behind them, with the port and what they did; a port at most five
/// times in ten seconds. Called on the device thread: nothing here waits.</summary>
public sealed class ClientObserver(ILogger log) : ISessionObserver
{
    private readonly ConcurrentDictionary<PciDevice, ClientRecord> _records = new();
    private int _starved;

    /// <summary>What <paramref name="device"/>'s clients do goes into <paramref name="record"/>.</summary>
    public void Add(PciDevice device, ClientRecord record) => _records[device] = record;

    /// <summary>The device is served no more.</summary>
    public void Remove(PciDevice device) => _records.TryRemove(device, out _);

    /// <inheritdoc/>
    public void Connected(PciDevice device)
    {
        if (!_records.TryGetValue(device, out ClientRecord? record))
        {
            return;
        }

        record.Changed();
        if (record.Comings.TryPass(out long passedOver))
        {
            string kind = KindOf(device);
            ClientLog.Connected(log, record.Port, kind, passedOver);
        }
    }

    /// <inheritdoc/>
    public void Disconnected(PciDevice device, string reason)
    {
        if (!_records.TryGetValue(device, out ClientRecord? record))
        {
            return;
        }

        record.Changed();
        string kind = KindOf(device);
        if (!record.Comings.TryPass(out long passedOver))
        {
            return;
        }

        if (device.IsGivenUp)
        {
            ClientLog.GaveUp(log, record.Port, kind, reason);
        }
        else
        {
            ClientLog.Disconnected(log, record.Port, kind, reason, passedOver);
        }
    }

    /// <inheritdoc/>
    public void Refused(PciDevice device, string what)
    {
        if (!_records.TryGetValue(device, out ClientRecord? record))
        {
            return;
        }

        record.CountRefusal();
        if (record.Faults.TryPass(out long passedOver))
        {
            string kind = KindOf(device);
            ClientLog.Refused(log, record.Port, kind, what, record.Refusals, passedOver);
        }
    }

    /// <inheritdoc/>
    /// <remarks>One line for all devices: what is missing is the process's.</remarks>
    public void Starved(PciDevice device, string reason)
    {
        if (Interlocked.Increment(ref _starved) == 1)
        {
            ClientLog.Starved(log, reason);
        }
    }

    /// <inheritdoc/>
    public void Fed(PciDevice device)
    {
        if (Interlocked.Decrement(ref _starved) == 0)
        {
            ClientLog.Fed(log);
        }
    }

    private static string KindOf(PciDevice device) => device is MemdevDevice ? "memdev" : "ptnet";
}
