using Ptnetmap.Linux;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Transports;

/// <summary>Something that is served and is no PCI device.</summary>
internal sealed class EchoService(string name) : IServed, IDisposable
{
    private int _served;
    private int _lookedAfter;

    public string Name => name;

    public string Kind => "echo";

    public string Subject => "echo";

    public bool IsGivenUp => false;

    public EventFd? Attention { get; } = new();

    internal EchoProtocol? Last { get; private set; }

    internal int TimesServed => Volatile.Read(ref _served);

    internal int TimesLookedAfter => Volatile.Read(ref _lookedAfter);

    public void Serve()
    {
        _ = Attention!.TryConsume();
        Interlocked.Increment(ref _served);
    }

    public void LookAfter() => Interlocked.Increment(ref _lookedAfter);

    public void Dispose() => Attention!.Dispose();

    internal ClientSession Open(IMessageStream stream)
    {
        Last = new EchoProtocol();
        return new ClientSession(stream, Last);
    }
}
