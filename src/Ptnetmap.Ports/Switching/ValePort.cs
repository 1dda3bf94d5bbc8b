using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A port of a VALE switch. Sending copies into the receive rings of the ports that the switch's lookup names;
/// a receiver without space loses its copy, and nobody else notices.
/// <para>Counters: a tx ring's <c>Packets</c> are those that had a destination, its drops are packets that were refused
/// (runt, bad slot, no destination), and copies that did not arrive (no space, no receiver, oversize, bad receiver
/// slot), one for each receiver that went without. So for unicast, packets sent are packets received plus copies
/// dropped, unless the switch cut them into segments.</para>
/// <para>Virtio-net header: kept between two ports that have it. On the way to a port without, checksums are completed
/// and large packets cut (<see cref="OffloadDelivery"/>); on the way from one, an empty header is put
/// before.</para></summary>
public sealed class ValePort : SwitchPort
{
    // How long a receiver looks for more of its senders' packets, nanoseconds, and how long while none comes.
    private const long LongestLook = 100_000;
    private const long LongestPause = 5_000;

    private readonly ValeSwitch _switch;
    private readonly Action<ValeSwitch>? _left;
    private readonly ValePass[] _passes;

    private ValePort(
        ValeSwitch vale,
        string name,
        MemoryRegion region,
        PortShape shape,
        Quiescence quiescence,
        PortVlans? vlans,
        Action<ValeSwitch>? left)
        : base(name, region, shape, quiescence, vlans)
    {
        _switch = vale;
        _left = left;
        _passes = new ValePass[shape.TxRings];
        for (int i = 0; i < _passes.Length; i++)
        {
            _passes[i] = new ValePass(this, TxRings[i]);
        }
    }

    /// <summary>The switch that it is part of.</summary>
    public ValeSwitch Switch => _switch;

    /// <summary>Opens a port in <paramref name="region"/> and joins it to <paramref name="vale"/>.</summary>
    /// <param name="vale">The switch.</param>
    /// <param name="name">The port's name on the switch; the full name is <c>SWITCH:NAME</c>.</param>
    /// <param name="region">Where its rings and buffers are to lie.</param>
    /// <param name="shape">Rings and slots.</param>
    /// <param name="quiescence">The one of all ports of the switch.</param>
    /// <param name="vlans">The VLANs that it is in; null: <see cref="PortVlans.Everything"/>.</param>
    /// <param name="left">Called when it has left the switch.</param>
    /// <exception cref="SwitchException">See <see cref="ValeSwitch.Join"/>.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public static ValePort Create(
        ValeSwitch vale,
        string name,
        MemoryRegion region,
        PortShape shape,
        Quiescence quiescence,
        PortVlans? vlans = null,
        Action<ValeSwitch>? left = null)
    {
        var port = new ValePort(vale, $"{vale.Name}:{name}", region, shape, quiescence, vlans, left);
        try
        {
            vale.Join(port, quiescence);
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>Sends what the user of <paramref name="tx"/> handed over. A packet that was begun is finished, so up to
    /// 64 slots more than <paramref name="budget"/> can be taken. <see cref="SyncStatus.Dry"/> also when the last
    /// packet lacks its end: it stays in the ring until the user hands the rest over.</summary>
    public override SyncStatus TxSync(Kring tx, uint budget) => _switch.Forward(_passes[tx.Index], budget);

    /// <inheritdoc/>
    public override void NotifyReceivers(Kring tx)
    {
        ValePass pass = _passes[tx.Index];
        PortSet? ports = null;
        while (pass.Delivered.TryTake(out int number))
        {
            ports ??= _switch.Ports;
            if (ports[number]?.ReceiveRingFor(tx) is { Client: { } client } rx)
            {
                client.Notify(rx);
            }
        }
    }

    /// <inheritdoc/>
    public override Kring? StopperOf(Kring tx)
    {
        ValePass pass = _passes[tx.Index];
        PortBits waiting = pass.Batch.Waiting;
        return waiting.TryTake(out int number) ? pass.Ports[number]!.ReceiveRingFor(tx) : null;
    }

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring tx) => _passes[tx.Index].TryAskForSpace();

    /// <inheritdoc/>
    public override long WaitNanoseconds(Kring tx) => _passes[tx.Index].Held == 0 ? 0 : _passes[tx.Index].Batch.Wait;

    /// <summary>Brings the packets of the ports that wait for space in <paramref name="rx"/>, or have lately sent most
    /// of theirs there: no more than there is space for, so that nobody works for others without end.</summary>
    public override void PullFeeders(Kring rx)
    {
        FeederSet feeders = Feeders[rx.Index];
        PortBits all = feeders.Look(out int number);
        if (all.IsEmpty)
        {
            return;
        }

        PortSet ports = _switch.Ports;
        AwaitMany(rx, feeders, ports, all);
        while (!all.IsEmpty && FreeOf(rx) is not 0 and uint free)
        {
            all.Remove(number);
            Pull(rx, free, ports[number], insists: feeders.TryTakeWaiting(number));
            number = all.NextAfter(number);
        }
    }

    /// <inheritdoc/>
    public override void PrepareForGuest()
    {
        DropHeld();
        base.PrepareForGuest();
    }

    /// <inheritdoc/>
    public override void GiveUpPass(Kring tx)
    {
        if (tx.Direction == RingDirection.Tx)
        {
            _passes[tx.Index].GiveUp();
        }
    }

    /// <summary>Limits how many addresses the switch learns of this port.</summary>
    public void LimitAddresses(int most) => _switch.Table.LimitPort(Number, most);

    /// <inheritdoc/>
    protected override void VnetHeaderChanging()
    {
        DropHeld();
        foreach (ValePass pass in _passes)
        {
            pass.Batch.PrepareOffloads();
        }
    }

    // What the last guest sent does not wait for ever for a receiver, nor for the next guest.
    private void DropHeld()
    {
        foreach (ValePass pass in _passes)
        {
            if (pass.Held != 0)
            {
                pass.DropHeld();
            }
        }
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        if (Number != 0)
        {
            _switch.Leave(Number);
            _left?.Invoke(_switch);
        }
    }

    // A few packets are not worth that the user is woken from its sleep for them, or leaves its machine again so soon.
    private void AwaitMany(Kring rx, FeederSet feeders, PortSet ports, PortBits all)
    {
        uint many = rx.SlotCount / 2;
        uint ahead = LookAhead(rx, ports, all);
        if (feeders.HasWaiting || ahead >= many || !feeders.Looks.IsDue())
        {
            return;
        }

        long now = LinuxThread.MonotonicNanoseconds;
        long end = now + LongestLook;
        long news = now;
        while (ahead < many && now < end && now - news < LongestPause)
        {
            Thread.SpinWait(16);
            uint seen = LookAhead(rx, ports, all);
            now = LinuxThread.MonotonicNanoseconds;
            news = seen == ahead ? news : now;
            ahead = seen;
        }

        feeders.Looks.Done(found: ahead >= many);
    }

    private uint LookAhead(Kring rx, PortSet ports, PortBits all)
    {
        uint slots = 0;
        while (all.TryTake(out int number))
        {
            Kring[] rings = ports[number]?.TxRings ?? [];
            for (int i = rx.Index; i < rings.Length; i += RxRings.Length)
            {
                slots += AheadOf(rings[i]);
            }
        }

        return slots;
    }

    // No pass is marked here: it is the lock that keeps the sender's user, and the memory that its pointers are in.
    private static uint AheadOf(Kring tx)
    {
        tx.Lock.Enter();
        try
        {
            return tx.Client?.LookAhead(tx) ?? 0;
        }
        finally
        {
            tx.Lock.Exit();
        }
    }

    private void Pull(Kring rx, uint free, SwitchPort? from, bool insists)
    {
        for (int i = rx.Index; i < (from?.TxRings.Length ?? 0); i += RxRings.Length)
        {
            from!.TxRings[i].Client?.Pull(free, insists);
        }
    }

    private static uint FreeOf(Kring rx)
    {
        rx.Lock.Enter();
        try
        {
            rx.Client?.Fetch(rx);
            return rx.Client is null ? 0 : rx.Free;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }
}
