namespace Ptnetmap.Passthrough;

/// <summary>Rings that wait for their next turn, each at most once. Grows when rings are added, never on the packet path
/// after that.</summary>
internal sealed class TurnQueue
{
    private readonly Queue<TxSyncLoop> _queue = new(64);

    internal bool IsEmpty => _queue.Count == 0;

    internal int Count => _queue.Count;

    internal void Enqueue(TxSyncLoop ring)
    {
        if (!_queue.Contains(ring))
        {
            _queue.Enqueue(ring);
        }
    }

    internal TxSyncLoop Dequeue() => _queue.Dequeue();
}
