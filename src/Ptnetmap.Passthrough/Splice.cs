using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>Two ports of one region connected with each other, without a guest between: what one receives the other
/// sends, both ways and ring by ring. No byte of a packet is touched here. Run by the workers, asleep while nothing
/// arrives. When a port cannot send, nothing more is taken from the other, which then does what its kind does: a pipe
/// stands still, a switch drops for this receiver, a NIC's or a TAP interface's queue fills up in the kernel.</summary>
public sealed class Splice : IDisposable
{
    private readonly Port _left;
    private readonly Port _right;
    private readonly SyncLoop[] _directions;
    private bool _parted;

    private Splice(Port left, Port right, WorkerPool workers, NotificationPolicy policy, Quiescence quiescence)
    {
        _left = left;
        _right = right;
        Loops = new LoopSet(workers, quiescence);
        _directions = [.. Make(left, right, policy), .. Make(right, left, policy)];
        try
        {
            Array.ForEach(_directions, Loops.Add);
            Loops.Start();
        }
        catch
        {
            Dispose();
            throw;
        }

        Array.ForEach(left.RxRings, left.PullFeeders);
        Array.ForEach(right.RxRings, right.PullFeeders);
    }

    /// <summary>Connects two ports that have no guests.</summary>
    /// <param name="left">One port.</param>
    /// <param name="right">The other.</param>
    /// <param name="workers">Who moves their packets.</param>
    /// <param name="policy">When they sleep.</param>
    /// <param name="quiescence">The one that the ports were made with.</param>
    /// <param name="discardUnread">What a guest left unread is dropped and counted, and not sent to the other
    /// side.</param>
    /// <exception cref="InvalidOperationException">A port has a guest, they are one and the same, lie in different
    /// regions, or do not have as many rings.</exception>
    public static Splice Connect(
        Port left,
        Port right,
        WorkerPool workers,
        NotificationPolicy policy,
        Quiescence quiescence,
        bool discardUnread = false)
    {
        if (left == right)
        {
            throw new InvalidOperationException($"port {left.Name} cannot be connected with itself");
        }

        if (left.Region != right.Region)
        {
            throw new InvalidOperationException(
                $"ports {left.Name} and " +
                $"{right.Name} lie in regions {left.Region.Name} and {right.Region.Name}; slots are " +
                "swapped, so both have to be in one. Put both ports in one trust domain (option --domain)");
        }

        if (left.TxRings.Length != right.RxRings.Length || right.TxRings.Length != left.RxRings.Length)
        {
            throw new InvalidOperationException(
                $"port {left.Name} has {left.TxRings.Length} tx and {left.RxRings.Length} rx rings, {right.Name} has " +
                $"{right.TxRings.Length} and {right.RxRings.Length}; each ring needs its counterpart (option --rings)");
        }

        foreach (Port port in (ReadOnlySpan<Port>)[left, right])
        {
            if (port.TxRings[0].Client is not null)
            {
                throw new InvalidOperationException($"port {port.Name} has a guest already; detach that one first");
            }

            port.RefuseStuckPass();
            port.PrepareForGuest();
            port.Populate();
        }

        if (discardUnread)
        {
            left.DiscardUnread();
            right.DiscardUnread();
        }

        int header = left.CanUseVnetHeader && right.CanUseVnetHeader ? VnetHeader.Length : 0;
        left.SetVnetHeaderLength(header);
        right.SetVnetHeaderLength(header);

        return new Splice(left, right, workers, policy, quiescence);
    }

    internal LoopSet Loops { get; }

    /// <summary>Parts the ports, whatever is on its way: on return no pass uses them any more. They keep what is in
    /// their rings. When a pass does not end, nothing that it may use is freed, and the ports cannot be used
    /// again.</summary>
    public void Dispose()
    {
        if (_parted)
        {
            return;
        }

        _parted = true;
        if (!Loops.TryEnd())
        {
            _left.KeepForStuckPass();
            _right.KeepForStuckPass();
            Quiescence.Keep(this);
            return;
        }

        Loops.Dispose();
        Array.ForEach(_directions, loop => loop.Kick.Dispose());
    }

    private static IEnumerable<SyncLoop> Make(Port from, Port to, NotificationPolicy policy)
    {
        for (int i = 0; i < from.RxRings.Length; i++)
        {
            var kick = new EventFd();
            var user = new SpliceUser(from.RxRings[i], to.TxRings[i], kick);
            yield return new SyncLoop(new SplicePass(from, to, user), user, kick, policy);
        }
    }
}
