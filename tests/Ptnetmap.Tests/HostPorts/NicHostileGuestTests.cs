using CsCheck;
using Ptnetmap.Client;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Whatever a guest writes into its slots, in whatever order the kernel works: buffers are conserved. A simple
/// model counts them, and the next guest finds a whole ring.</summary>
public class NicHostileGuestTests
{
    private const int Slots = 64;

    // What a guest may leave in a slot: its own buffer, none, one that there is not, or another slot's.
    private static readonly Gen<int> Spoils = Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[1, 4]));

    [Fact]
    public void Receive_buffers_are_the_kernel_s_the_guest_s_or_lost_by_the_guest_and_none_is_made_up() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1000], Spoils).Array[1, 400].Sample(steps =>
        {
            using var bed = new NicBed(Slots);
            var model = new RxModel(bed);
            foreach ((int what, int which, int spoil) in steps)
            {
                switch (what)
                {
                    case 0 or 1:
                        model.Arrive(which);
                        break;
                    case 2:
                        model.GiveBack(which, spoil);
                        break;
                    default:
                        model.Sync((uint)(which % 7) + 1);
                        break;
                }
            }

            model.Sync(uint.MaxValue);
            model.NextGuest();
        });

    [Fact]
    public void Transmit_slots_are_the_guest_s_on_their_way_or_to_be_sent_and_all_come_back() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1000], Spoils).Array[1, 400].Sample(steps =>
        {
            using var bed = new NicBed(Slots);
            var model = new TxModel(bed);
            foreach ((int what, int which, int spoil) in steps)
            {
                switch (what)
                {
                    case 0 or 1:
                        model.Send(which, spoil);
                        break;
                    case 2:
                        model.Complete(which);
                        break;
                    default:
                        model.Sync((uint)(which % 7) + 1);
                        break;
                }
            }

            model.Finish();
        });

    [Fact]
    public void After_a_guest_that_named_a_buffer_twice_the_next_one_has_each_but_once_and_frames_arrive()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: Slots);
        NetmapPort hostile = bed.Attach(bed.Right);
        Kring rx = bed.Right.RxRings[0];
        VethBed.AwaitBuffers(bed.Right);
        Sender sender = bed.Run(new Sender(bed.Attach(bed.Left), new TrafficSpec { Rate = 1000 }));
        VethBed.Await(() => hostile.RxRings[0].Sync() >= 4, "frames");
        hostile.RxRings[0].Slots()[0].BufferIndex = rx.Ring.Slots[1].BufferIndex;
        hostile.RxRings[0].Release(3);
        _ = hostile.RxRings[0].Sync();
        bed.Detach(bed.Right);

        Receiver receiver = bed.Run(new Receiver(bed.Attach(bed.Right), new ReceiverOptions { Verify = true }));
        VethBed.Await(() => receiver.Counters.Packets > 2 * Slots, "frames for the next guest");
        Assert.Equal((0, 0), (receiver.Counters.Damaged, receiver.Counters.Duplicated));
        bed.Right.Disconnect();
        Assert.Equal(Slots, rx.Ring.Slots.ToArray().Select(slot => slot.BufferIndex).Distinct().Count());
        Assert.NotEqual(0, sender.Counters.Packets);
    }

    private static uint Spoiled(int spoil, uint own, Kring ring, int which) => spoil switch
    {
        1 => 0,
        2 => (uint)which * 1_000_003,
        3 => uint.MaxValue,
        4 => ring.Ring.Slots[which % Slots].BufferIndex,
        _ => own,
    };

    private sealed class RxModel
    {
        private readonly NicBed _bed;
        private int _wire;
        private long _lost;

        internal RxModel(NicBed bed)
        {
            _bed = bed;
            Sync(1);
        }

        internal void Arrive(int which)
        {
            for (int i = 0; i < which % 4 && _bed.Lent.Count != 0; i++)
            {
                _ = _bed.Arrive(1, which % _bed.Lent.Count);
                _wire++;
            }
        }

        internal void GiveBack(int which, int spoil)
        {
            Kring rx = _bed.Rx;
            for (int i = 0; i < which % 5 && rx.Head != rx.HwTail; i++)
            {
                ref NetmapSlot slot = ref rx.Ring.Slots[(int)rx.Head];
                slot.BufferIndex = Spoiled(i == 0 ? spoil : 0, slot.BufferIndex, rx, which);
                _lost += _bed.Region.Buffers.IsValid(slot.BufferIndex) ? 0 : 1;
                uint head = rx.Ring.Next(rx.Head);
                Assert.True(rx.TryAdvance(head, head));
            }
        }

        // Every slot but one is the user's, or there is a buffer at the kernel for it, or the guest gave none back for
        // it.
        internal void Sync(uint budget)
        {
            uint before = _bed.Rx.Ring.Distance(_bed.Rx.Head, _bed.Rx.HwTail);
            _ = _bed.RxSync(budget);
            uint users = _bed.Rx.Ring.Distance(_bed.Rx.Head, _bed.Rx.HwTail);
            _wire -= (int)(users - before);
            uint held = ((NicRxQueue)_bed.Port.SourceOf(_bed.Rx)!).Held;
            Assert.Equal((uint)(_bed.Lent.Count + _wire), held);
            Assert.Equal(Slots - 1, users + held + _bed.Rx.Counters.Violations);

            // The slot given back last is not looked at before the next one is.
            Assert.InRange(_bed.Rx.Counters.Violations, _lost == 0 ? 0 : _lost - 1, _lost);
            Assert.All(_bed.Lent, buffer => Assert.True(_bed.Region.Buffers.IsValid(buffer)));
        }

        internal void NextGuest()
        {
            _bed.Port.PrepareForGuest();
            SlotsAreWhole();
            _ = _bed.RxSync();
            _bed.Port.Disconnect();
            SlotsAreWhole();
        }

        private void SlotsAreWhole()
        {
            uint[] all =
                [.. _bed.Rx.Ring.Slots.ToArray().Concat(_bed.Tx.Ring.Slots.ToArray()).Select(slot => slot.BufferIndex)];
            Assert.All(all, index => Assert.True(_bed.Region.Buffers.IsValid(index)));
            Assert.Equal(2 * Slots, all.Distinct().Count());
        }
    }

    private sealed class TxModel(NicBed bed)
    {
        private readonly List<XdpDescriptor> _kernel = [];
        private long _handedOver;

        internal void Send(int which, int spoil)
        {
            Kring tx = bed.Tx;
            if (tx.Ring.Distance(tx.Head, tx.HwTail) != 0)
            {
                uint own = tx.Ring.Slots[(int)tx.Head].BufferIndex;
                bed.Send(new SlotWord(Spoiled(spoil, own, tx, which), (ushort)(which % 70), SlotFlags.None));
                _handedOver++;
            }
        }

        internal void Complete(int which)
        {
            if (_kernel.Count != 0)
            {
                XdpDescriptor frame = _kernel[which % _kernel.Count];
                _ = _kernel.Remove(frame);
                bed.Complete(frame);
            }
        }

        internal void Sync(uint budget)
        {
            _ = bed.TxSync(budget);
            _kernel.AddRange(bed.Take());
            Assert.All(_kernel,
                frame => Assert.True(bed.Region.Buffers.IsValid(bed.Port.Umem.BufferOf(frame.Address))));
            Assert.True(bed.Tx.InFlight >= _kernel.Count,
                $"{_kernel.Count} frames at the kernel, {bed.Tx.InFlight} slots for them");
            Assert.Equal(_handedOver - bed.Tx.Pending, bed.Tx.Counters.Packets + bed.Tx.Counters.Drops.Total);
        }

        // When the kernel has sent all, all slots are the guest's again.
        internal void Finish()
        {
            do
            {
                Sync(Slots);
                while (_kernel.Count != 0)
                {
                    Complete(0);
                }

                _ = bed.Port.Reclaim(bed.Tx);
            }
            while (bed.Tx.Pending != 0);
            Assert.Equal((0u, (uint)Slots - 1), (bed.Tx.InFlight, bed.Tx.Ring.Distance(bed.Tx.Head, bed.Tx.HwTail)));
        }
    }
}
