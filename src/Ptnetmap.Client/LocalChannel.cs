using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Client;

/// <summary>A channel over eventfds and a CSB that this process has mapped: a guest that is a thread of the host, or a
/// process that was given the descriptors. It owns none of what it is made of.</summary>
public sealed class LocalChannel : GuestChannel
{
    private readonly CsbMemory _csb;
    private readonly EventFd[] _kicks;
    private readonly EventFd[] _interrupts;
    private readonly Action? _assist;

    /// <summary>Makes one.</summary>
    /// <param name="region">The port's region.</param>
    /// <param name="interfaceOffset">Offset of the <c>netmap_if</c> in it.</param>
    /// <param name="csb">The guest's CSB.</param>
    /// <param name="kicks">One a ring, tx rings first.</param>
    /// <param name="interrupts">One a ring, tx rings first.</param>
    /// <param name="assist">Does the host's pending work on the caller's thread; null when there is no way to.</param>
    /// <param name="vnetHeaderLength">What the guest was attached with.</param>
    /// <exception cref="ArgumentException">Not as many interrupts as kicks.</exception>
    public LocalChannel(
        MemoryRegion region, long interfaceOffset, CsbMemory csb, EventFd[] kicks, EventFd[] interrupts,
        Action? assist = null, int vnetHeaderLength = 0)
    {
        if (kicks.Length != interrupts.Length)
        {
            throw new ArgumentException(
                $"{kicks.Length} kicks and {interrupts.Length} interrupts: there has to be one of each a ring",
                nameof(interrupts));
        }

        Region = region;
        InterfaceOffset = interfaceOffset;
        _csb = csb;
        _kicks = kicks;
        _interrupts = interrupts;
        _assist = assist;
        VnetHeaderLength = vnetHeaderLength;
    }

    /// <inheritdoc/>
    public override MemoryRegion Region { get; }

    /// <inheritdoc/>
    public override long InterfaceOffset { get; }

    /// <inheritdoc/>
    public override int VnetHeaderLength { get; }

    /// <inheritdoc/>
    public override CsbGuestView Csb(int ring)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ring);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ring, _kicks.Length);
        return _csb.Guest(ring);
    }

    /// <inheritdoc/>
    public override void Kick(int ring) => _kicks[ring].Signal();

    /// <inheritdoc/>
    public override int WaitInterrupt(ReadOnlySpan<int> rings, TimeSpan timeout)
    {
        Span<int> descriptors = stackalloc int[NetmapAbi.MaxCsbRings];
        for (int i = 0; i < rings.Length; i++)
        {
            descriptors[i] = _interrupts[rings[i]].Descriptor.Number;
        }

        int first = Poll.WaitAny(descriptors[..rings.Length], timeout);
        for (int i = Math.Max(first, 0); i < rings.Length && first >= 0; i++)
        {
            _ = _interrupts[rings[i]].TryConsume();
        }

        return first;
    }

    /// <inheritdoc/>
    public override void Wake(int ring) => _interrupts[ring].Signal();

    /// <inheritdoc/>
    public override bool Assist()
    {
        _assist?.Invoke();
        return _assist is not null;
    }
}
