namespace Ptnetmap.Passthrough;

/// <summary>Rings that wait for their next turn, each at most once. Grows when rings are added, never on the packet
/// path after that.</summary>
internal sealed class TurnQueue
{
    private readonly Queue<ServedRing> _queue = new(64);

    internal int Count => _queue.Count;

    internal void Enqueue(ServedRing ring)
    {
        // Not Contains: its first call makes a comparer, and that would be on the packet path.
        foreach (ServedRing waiting in _queue)
        {
            if (waiting == ring)
            {
                return;
            }
        }

        _queue.Enqueue(ring);
    }

    internal ServedRing Dequeue() => _queue.Dequeue();
}
