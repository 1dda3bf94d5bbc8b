namespace Ptnetmap.Tests.Passthrough.Handshake;

/// <summary>Runs real code one memory access at a time: the code is started anew for each step, fed with the results of
/// the accesses that it has made so far, and left by an exception at the first that is new.</summary>
internal sealed class ReplayedSide(Func<ReplayedSide, bool> code)
{
    private readonly List<int> _results = [];
    private int _position;

    internal MemoryAccess Next { get; private set; }

    internal bool? Outcome { get; private set; }

    internal void FindNext()
    {
        _position = 0;
        try
        {
            Outcome = code(this);
        }
        catch (StepReachedException)
        {
            Outcome = null;
        }
    }

    internal void Complete(int result) => _results.Add(result);

    internal int Access(MemoryAccess access)
    {
        if (_position < _results.Count)
        {
            return _results[_position++];
        }

        Next = access;
        throw new StepReachedException();
    }

    private sealed class StepReachedException : Exception;
}
