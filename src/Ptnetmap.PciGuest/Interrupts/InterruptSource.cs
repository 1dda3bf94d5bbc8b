using Ptnetmap.Linux;

namespace Ptnetmap.PciGuest.Interrupts;

/// <summary>Interrupts of a port's rings, each with an eventfd that a wait sleeps on.</summary>
internal abstract class InterruptSource : IDisposable
{
    private protected InterruptSource(int rings) => Events = [.. Enumerable.Range(0, rings).Select(_ => new EventFd())];

    internal abstract InterruptKind Kind { get; }

    /// <summary>One a ring: an interrupt, or a call of <see cref="Wake"/>.</summary>
    private protected EventFd[] Events { get; }

    /// <summary>See <see cref="Client.GuestChannel.WaitInterrupt"/>.</summary>
    internal virtual int Wait(ReadOnlySpan<int> rings, TimeSpan timeout)
    {
        Span<int> descriptors = stackalloc int[NetmapAbi.MaxCsbRings];
        for (int i = 0; i < rings.Length; i++)
        {
            descriptors[i] = Events[rings[i]].Descriptor.Number;
        }

        int first = Poll.WaitAny(descriptors[..rings.Length], timeout);
        for (int i = first; i >= 0 && i < rings.Length; i++)
        {
            _ = Events[rings[i]].TryConsume();
        }

        return first;
    }

    /// <summary>Ends the wait for a ring that is under way or comes next.</summary>
    internal void Wake(int ring) => Events[ring].Signal();

    public virtual void Dispose() => Array.ForEach(Events, one => one.Dispose());
}
