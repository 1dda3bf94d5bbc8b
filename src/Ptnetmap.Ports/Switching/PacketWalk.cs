namespace Ptnetmap.Ports.Switching;

/// <summary>Goes over the packets of a destination's queue, each as the slots that it is made of.</summary>
internal ref struct PacketWalk
{
    private readonly SlotBatch _batch;
    private int _run;
    private int _done;

    public PacketWalk(SlotBatch batch, in DestinationQueue queue)
    {
        _batch = batch;
        _run = queue.First;
        _done = queue.Done;
    }

    /// <summary>The run that the next packet is in; -1 when there is none.</summary>
    public readonly int Run => _run;

    /// <summary>Slots of that run before it.</summary>
    public readonly int Done => _done;

    /// <summary>The packet's slots, in the sender's ring.</summary>
    public ReadOnlySpan<SlotWord> Current { get; private set; }

    /// <summary>The packet's VLAN, on a switch that has some.</summary>
    public FrameVlan Vlan { get; private set; }

    public bool MoveNext()
    {
        if (_run < 0)
        {
            return false;
        }

        ref readonly PacketRun run = ref _batch.RunAt(_run);
        int slots = run.Slots / run.Packets;
        Vlan = run.Vlan;
        Current = _batch.Words.Slice(run.Start + _done, slots);
        _done += slots;
        if (_done == run.Slots)
        {
            _run = run.Next;
            _done = 0;
        }

        return true;
    }
}
