using System.Diagnostics;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>Runs the passes of a ring that has some of its own: a transmit ring, or a receive ring whose packets come
/// from outside. Anybody may run one, one at a time: the worker when it is woken, the guest's own transport when the
/// guest is about to sleep, another port's when that runs out of packets. Whoever finds it taken leaves a note, and the
/// holder goes round once more. What a pass does is its <see cref="RingPass"/>'s part, and when there is another its
/// <see cref="WakePlan"/>'s.</summary>
public sealed class SyncLoop : ServedRing, IDisposable
{
    /// <summary>Slots that are moved and shown to both sides at a time.</summary>
    public const uint Chunk = 256;

    private const long LongestTurn = 200_000;

    // Notes can be left faster than the ring is gone through: whoever holds the pass has other things to do as well.
    private const int MostRounds = 64;

    // What a look costs that found news but nothing to move, in slots of the budget: a guest can have any number of
    // them by changing its pointers from one value that does not count to another.
    private const uint EmptyLook = 16;
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAgain = 2;
    private const int Leaving = 3;

    private readonly RingPass _pass;
    private readonly WakePlan _when;
    private int _state;
    private uint _turnBudget = Worker.Budget;

    internal SyncLoop(RingPass pass, RingUser user, EventFd kick, NotificationPolicy policy)
        : base(pass.Port, pass.Ring, user, kick)
    {
        _pass = pass;
        _when = new WakePlan(pass, policy, source => Worker?.WatchOnceMore(this, source));
    }

    /// <summary>True while somebody runs a pass.</summary>
    public bool IsRunning => Volatile.Read(ref _state) != Idle;

    internal override WakePlan When => _when;

    /// <inheritdoc/>
    public override void RunPass() => _ = Run(Ring.SlotCount, PassCause.Assist, by: null, maySpin: false);

    /// <inheritdoc/>
    public override void Pull(uint most, bool insists)
    {
        _when.Pulled();
        if (insists || Volatile.Read(ref _state) == Idle)
        {
            _ = Run(most, PassCause.Pull, by: null, maySpin: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _when.Dispose();

    internal override bool Serve(PassCause cause, Worker by, bool alone) =>
        (cause == PassCause.Kick ? Kick.TryConsume() : _when.TryConsume(cause))
        && Run(_turnBudget, cause, by, maySpin: alone && cause == PassCause.Kick);

    internal override void Start()
    {
        base.Start();
        Kick.Signal();
    }

    // Runs a pass, or leaves a note to whoever is at it. True when there is more to do than the budget, and it is the
    // caller's turn to do it.
    private bool Run(uint budget, PassCause cause, Worker? by, bool maySpin)
    {
        int found = Enter();
        if (found != Idle)
        {
            // Who leaves reads no notes: it has kicked, and a worker that took the kick too early has another turn.
            return found == Leaving;
        }

        bool more;
        int rounds = 0;
        do
        {
            bool isLast = ++rounds >= MostRounds;
            if (isLast)
            {
                Volatile.Write(ref _state, Leaving);
            }

            more = RunOnce(budget, cause, by, maySpin, isLast);

            // Whoever left a note wants more than a receiver that looked by the way.
            cause = cause == PassCause.Pull ? PassCause.Assist : cause;
        }
        while (!TryLeave());
        return more;
    }

    // An exception takes down this ring and nothing else: not the thread, which has other rings or is a guest's own.
    private bool RunOnce(uint budget, PassCause cause, Worker? by, bool maySpin, bool isLast)
    {
        Mark.Begin();
        try
        {
            if (Ring.Client != this || Failure is not null)
            {
                return false;
            }

            bool more = Pass(budget, cause, maySpin);

            // Who is not its worker has no other turn, nor a worker that it was taken from meanwhile: that one leaves
            // at once. Signalled inside the pass: after it the kick may be closed.
            bool isElsewhere = more && (by is null || by != Worker);
            if (isElsewhere && by is not null)
            {
                Volatile.Write(ref _state, Leaving);
            }

            if (isLast || isElsewhere)
            {
                Kick.Signal();
            }

            return more && !isElsewhere;
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
        if (!_when.TryBegin(cause))
        {
            return false;
        }

        uint moved = 0;
        uint spent = 0;
        while (true)
        {
            uint before = moved;
            SyncStatus status = _pass.Deliver(budget, ref moved);
            Debug.Assert(moved >= before && IsRunning, "what moves slots holds the pass");
            if (moved != before || status == SyncStatus.Blocked)
            {
                _pass.NotifySides(hasMoved: moved != before);
            }

            if (moved != before)
            {
                Ring.Counters.Batches++;
                Ring.Counters.KicksSuppressed += cause == PassCause.Kick ? 0 : 1;
            }

            if (moved >= budget)
            {
                bool comesReceiver = cause == PassCause.Pull || (cause != PassCause.Assist && _when.IsPulled);
                if (comesReceiver && _when.TryLeave())
                {
                    return false;
                }

                AdaptTurn(moved);
                _when.GoOn();
                return true;
            }

            if (maySpin && moved != before && _when.SpinNanoseconds is not 0 and long time && _pass.SpinForNews(time))
            {
                continue;
            }

            if (_when.TrySettle(status, moved, cause))
            {
                return false;
            }

            spent += moved == before ? EmptyLook : 0;
            if (spent + moved >= budget)
            {
                _when.GoOn();
                return true;
            }
        }
    }

    // The budget of a turn is for packets that take nanoseconds. Where each is a matter for the kernel it would be
    // milliseconds, for which the worker's other rings wait.
    private void AdaptTurn(uint moved)
    {
        long took = Math.Max(1, _when.Elapsed);
        _turnBudget = (uint)Math.Clamp(moved * LongestTurn / took, Chunk, Worker.Budget);
    }

    // Idle when the pass is the caller's from now on; else what it found: a note is left, but to who is leaving.
    private int Enter()
    {
        while (true)
        {
            int seen = Interlocked.CompareExchange(ref _state, Running, Idle);
            if (seen != Running || Interlocked.CompareExchange(ref _state, RunningAgain, Running) == Running)
            {
                return seen;
            }
        }
    }

    // False when somebody left a note.
    private bool TryLeave()
    {
        int seen = Interlocked.CompareExchange(ref _state, Idle, Running);
        if (seen != Running)
        {
            Volatile.Write(ref _state, seen == Leaving ? Idle : Running);
        }

        return seen != RunningAgain;
    }
}
