using System.Diagnostics;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>The sync loop of one transmit ring. A pass takes what the guest handed over, has the port deliver it, and
/// shows both sides how far it got. Anybody may run it, one at a time: the worker when the guest kicks, the guest's own
/// transport when the guest is about to sleep, the receiver's when that runs out of packets. Whoever finds it taken
/// leaves a note, and the holder goes round once more.</summary>
public sealed partial class TxSyncLoop : CsbRing, IDisposable
{
    /// <summary>Slots that are delivered and shown to both sides at a time.</summary>
    public const uint Chunk = 256;

    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningAgain = 2;

    private readonly NotificationPolicy _policy;
    private readonly uint _muchMoved;
    private int _state;
    private bool _armed;
    private long _holdUntil;
    private long _passStart;

    /// <summary>Ties ring and CSB entry together.</summary>
    public TxSyncLoop(
        Port port, Kring ring, CsbHostView csb, EventFd kick, EventFd interrupt, NotificationPolicy policy)
        : base(port, ring, csb, kick, interrupt)
    {
        _policy = policy;
        _muchMoved = ring.SlotCount / 4;
    }

    /// <summary>Fires when a kick that was held off has to be armed after all.</summary>
    public TimerFd Timer { get; } = new();

    /// <summary>Why it polls or sleeps.</summary>
    public NotificationPolicy Policy => _policy;

    /// <summary>True while somebody runs a pass.</summary>
    public bool IsRunning => Volatile.Read(ref _state) != Idle;

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring ring) => false;

    /// <inheritdoc/>
    public override void RunPass()
    {
        if (Run(Ring.SlotCount, PassCause.Assist, maySpin: false))
        {
            Kick.Signal();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Timer.Dispose();

    internal override bool OnKick(bool maySpin) => Kick.TryConsume() && Run(Worker.Budget, PassCause.Kick, maySpin);

    /// <summary>The ring's next turn on its worker's thread.</summary>
    internal bool OnTurn() => Run(Worker.Budget, PassCause.Turn, maySpin: false);

    /// <summary>The time for which the kick was held off is over. A pass that is under way settles the matter itself.</summary>
    internal bool OnTimer() =>
        Timer.TryConsume() && !IsRunning && Run(Worker.Budget, PassCause.Timer, maySpin: false);

    internal override void Start()
    {
        _armed = false;
        _holdUntil = 0;
        base.Start();
        Kick.Signal();
    }

    private bool Run(uint budget, PassCause cause, bool maySpin)
    {
        if (!TryEnter())
        {
            return false;
        }

        bool more = false;
        do
        {
            Ring.Pass.Begin();
            if (Ring.Client == this)
            {
                more = Pass(budget, cause, maySpin);
            }

            Ring.Pass.End();
        }
        while (!TryLeave());
        return more;
    }

    private bool Pass(uint budget, PassCause cause, bool maySpin)
    {
        Ring.Counters.Kicks += cause == PassCause.Kick ? 1 : 0;
        _passStart = LinuxThread.MonotonicNanoseconds;
        uint moved = 0;
        while (true)
        {
            uint before = moved;
            SyncStatus status = Deliver(budget, ref moved);
            if (moved != before)
            {
                Port.NotifyReceivers(Ring);
                Notify(Ring);
                Account(cause, moved - before);
            }

            if (moved >= budget)
            {
                return true;
            }

            if (maySpin && moved != before && SpinForNews())
            {
                continue;
            }

            if (TrySettle(status, moved, cause))
            {
                return false;
            }
        }
    }

    // Delivers until the ring is dry, blocked, or the budget used up. The receiver is shown each chunk as it is done, so
    // that it can work beside us.
    private SyncStatus Deliver(uint budget, ref uint moved)
    {
        SyncStatus status;
        do
        {
            Fetch(Ring);
            if (Ring.Pending == 0)
            {
                return SyncStatus.Dry;
            }

            Disarm();
            uint hwcur = Ring.HwCur;
            status = Port.TxSync(Ring, Math.Min(Chunk, budget - moved));
            uint slots = Ring.Ring.Distance(hwcur, Ring.HwCur);
            if (slots == 0)
            {
                return status;
            }

            Publish(Ring);
            moved += slots;
        }
        while (status != SyncStatus.Blocked && moved < budget);
        return status;
    }

    private void Account(PassCause cause, uint moved)
    {
        Ring.Counters.Batches++;
        Ring.Counters.KicksSuppressed += cause == PassCause.Kick ? 0 : 1;
        Debug.Assert(moved != 0, "a batch is not empty");
    }

    private bool SpinForNews()
    {
        if (_policy.SpinNanoseconds == 0)
        {
            return false;
        }

        long until = LinuxThread.MonotonicNanoseconds + _policy.SpinNanoseconds;
        do
        {
            Fetch(Ring);
            if (Ring.Pending != 0)
            {
                return true;
            }

            Thread.SpinWait(4);
        }
        while (LinuxThread.MonotonicNanoseconds < until);
        return false;
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

    private bool TryLeave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) == Running)
        {
            return true;
        }

        Volatile.Write(ref _state, Running);
        return false;
    }
}
