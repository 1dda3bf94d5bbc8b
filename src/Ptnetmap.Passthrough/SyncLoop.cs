using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A ring that has passes of its own: a transmit ring, or a receive ring whose packets come from outside. Anybody
/// may run a pass, one at a time: the worker when it is woken, the guest's own transport when the guest is about to
/// sleep, another port's when that runs out of packets. Whoever finds it taken leaves a note, and the holder goes round
/// once more.</summary>
public abstract partial class SyncLoop : ServedRing, IDisposable
{
    /// <summary>Slots that are moved and shown to both sides at a time.</summary>
    public const uint Chunk = 256;

    private const long LongestTurn = 200_000;

    // Notes can be left faster than the ring is gone through: whoever holds the pass has other things to do as well.
    private const int MostRounds = 64;

    // What a look costs that found news but nothing to move, in slots of the budget: a guest can have any number of them by
    // changing its pointers from one value that does not count to another.
    private const uint EmptyLook = 16;
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAgain = 2;

    private readonly NotificationPolicy _policy;
    private readonly uint _muchMoved;
    private int _state;
    private uint _turnBudget = Worker.Budget;
    private long _passStart;

    /// <summary>Names the ring and what brings the worker to it.</summary>
    protected SyncLoop(Port port, Kring ring, EventFd kick, NotificationPolicy policy) : base(port, ring, kick)
    {
        _policy = policy;
        _muchMoved = ring.SlotCount / 4;
    }

    /// <summary>Fires when what was held off has to be armed after all.</summary>
    public TimerFd Timer { get; } = new();

    /// <summary>Why it polls or sleeps.</summary>
    public NotificationPolicy Policy => _policy;

    /// <summary>True while somebody runs a pass.</summary>
    public bool IsRunning => Volatile.Read(ref _state) != Idle;

    /// <inheritdoc/>
    public override void RunPass() => _ = Run(Ring.SlotCount, PassCause.Assist, maySpin: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        Timer.Dispose();
        GC.SuppressFinalize(this);
    }

    internal override bool OnKick(bool maySpin) => Kick.TryConsume() && Run(_turnBudget, PassCause.Kick, maySpin);

    /// <summary>The ring's next turn on its worker's thread.</summary>
    internal bool OnTurn() => Run(_turnBudget, PassCause.Turn, maySpin: false);

    /// <summary>The time for which the kick was held off is over. A pass that is under way is left a note: it may have
    /// found already that the time is not over, and nobody else would look again.</summary>
    internal bool OnTimer() => Timer.TryConsume() && Run(_turnBudget, PassCause.Timer, maySpin: false);

    internal override void Start()
    {
        Appear();
        Kick.Signal();
    }

    /// <summary>Runs a pass, or leaves a note to whoever is at it.</summary>
    /// <returns>True when there is more to do than <paramref name="budget"/>.</returns>
    private protected bool Run(uint budget, PassCause cause, bool maySpin)
    {
        if (!TryEnter())
        {
            return false;
        }

        bool more;
        int rounds = 0;
        do
        {
            more = RunOnce(budget, cause, maySpin, isLast: ++rounds == MostRounds);
        }
        while (!TryLeave(rounds == MostRounds));
        return more;
    }

    /// <summary>Sets the loop's state, and then lets ports find the ring's user: passes begin at once.</summary>
    private protected abstract void Appear();

    /// <summary>Moves until the ring is dry, blocked, or the budget used up, and shows the sides each chunk as it is
    /// done, so that they can work beside us.</summary>
    private protected abstract SyncStatus Deliver(uint budget, ref uint moved);

    /// <summary>Wakes whom the slots that were just moved concern.</summary>
    private protected abstract void NotifySides();

    /// <summary>Looks for a short while whether there is more, before the pass settles down. True when there is.</summary>
    private protected virtual bool SpinForNews(long nanoseconds) => false;

    // An exception takes down this ring and nothing else: not the thread, which has other rings or is a guest's own.
    private bool RunOnce(uint budget, PassCause cause, bool maySpin, bool isLast)
    {
        Mark.Begin();
        try
        {
            if (Ring.Client != this || Failure is not null)
            {
                return false;
            }

            bool more = Pass(budget, cause, maySpin);

            // Who is not a worker has no other turn. Signalled inside the pass: after it the kick may be closed.
            if (isLast || (more && cause == PassCause.Assist))
            {
                Kick.Signal();
            }

            return more;
        }
#pragma warning disable CA1031 // Whatever it was, it is told with the ring's name.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
            return false;
        }
        finally
        {
            Mark.End();
        }
    }

    private bool Pass(uint budget, PassCause cause, bool maySpin)
    {
        Ring.Counters.Kicks += cause == PassCause.Kick ? 1 : 0;
        _passStart = LinuxThread.MonotonicNanoseconds;
        if (TryPutOff(cause))
        {
            return false;
        }

        uint moved = 0;
        uint spent = 0;
        while (true)
        {
            uint before = moved;
            SyncStatus status = Deliver(budget, ref moved);
            if (moved != before)
            {
                NotifySides();
                Ring.Counters.Batches++;
                Ring.Counters.KicksSuppressed += cause == PassCause.Kick ? 0 : 1;
            }

            if (moved >= budget)
            {
                AdaptTurn(moved);
                return true;
            }

            if (maySpin && moved != before && _policy.SpinNanoseconds != 0 && SpinForNews(_policy.SpinNanoseconds))
            {
                continue;
            }

            RemindAfter(moved != 0, status);
            if (TrySettle(status, moved, cause))
            {
                return false;
            }

            spent += moved == before ? EmptyLook : 0;
            if (spent + moved >= budget)
            {
                return true;
            }
        }
    }

    // The budget of a turn is for packets that take nanoseconds. Where each is a matter for the kernel it would be milliseconds,
    // for which the worker's other rings wait.
    private void AdaptTurn(uint moved)
    {
        long took = Math.Max(1, LinuxThread.MonotonicNanoseconds - _passStart);
        _turnBudget = (uint)Math.Clamp(moved * LongestTurn / took, Chunk, Worker.Budget);
    }

    private bool TryEnter()
    {
        while (true)
        {
            int seen = Interlocked.CompareExchange(ref _state, Running, Idle);
            if (seen == Idle)
            {
                return true;
            }

            if (seen == RunningAgain || Interlocked.CompareExchange(ref _state, RunningAgain, Running) == Running)
            {
                return false;
            }
        }
    }

    // False when somebody left a note. Who has gone round often enough leaves in any case: it has asked for a kick.
    private bool TryLeave(bool inAnyCase)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
        {
            return true;
        }

        Volatile.Write(ref _state, inAnyCase ? Idle : Running);
        return inAnyCase;
    }
}
