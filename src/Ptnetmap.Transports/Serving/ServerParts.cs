using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>What all sockets of a server share.</summary>
/// <param name="Thread">Serves them.</param>
/// <param name="Doors">Those that are left alone for a while.</param>
/// <param name="Accept">Takes the next client of a listening socket.</param>
/// <param name="Observer">Learns what clients do.</param>
internal sealed record ServerParts(
    EventThread Thread, StarvedDoors Doors, Func<UnixSocket, UnixSocket?> Accept, ISessionObserver? Observer)
{
    private long _messages;

    /// <summary>Messages of clients handled so far; the thread's to count.</summary>
    internal long Messages
    {
        get => Volatile.Read(ref _messages);
        set => Volatile.Write(ref _messages, value);
    }
}
