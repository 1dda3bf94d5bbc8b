using System.Collections.Concurrent;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Keeps what the device server tells, and lets a test wait for a connection's end.</summary>
internal sealed class RecordingObserver : ISessionObserver, IDisposable
{
    internal ConcurrentQueue<string> Refusals { get; } = new();

    internal SemaphoreSlim Ends { get; } = new(0);

    public void Connected(IServed served)
    {
    }

    public void Disconnected(IServed served, string reason) => Ends.Release();

    public void Refused(IServed served, string what) => Refusals.Enqueue($"{served.Name}: {what}");

    public void Dispose() => Ends.Dispose();
}
