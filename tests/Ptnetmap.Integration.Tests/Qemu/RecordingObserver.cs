using System.Collections.Concurrent;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Serving;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Keeps what the device server tells, and lets a test wait for a connection's end.</summary>
internal sealed class RecordingObserver : ISessionObserver, IDisposable
{
    internal ConcurrentQueue<string> Refusals { get; } = new();

    internal SemaphoreSlim Ends { get; } = new(0);

    public void Connected(PciDevice device)
    {
    }

    public void Disconnected(PciDevice device, string reason) => Ends.Release();

    public void Refused(PciDevice device, string what) => Refusals.Enqueue($"{device.Name}: {what}");

    public void Dispose() => Ends.Dispose();
}
