using CsCheck;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A pipe against the simplest model of one: two queues of bounded length.</summary>
public sealed class PipeModelTests
{
    [Fact]
    public void A_pipe_is_two_bounded_queues_whatever_is_done_in_whichever_order() =>
        Gen.Select(Gen.Int[64, 90], Gen.Select(Gen.Int[0, 2], Gen.Int[1, 100]).Array[1, 80])
            .Sample((slots, steps) => AgreesWithModel(slots, steps), iter: 300, threads: 1);

    private static bool AgreesWithModel(int slots, (int Action, int Count)[] steps)
    {
        using var bed = new PassthroughBed(slots: slots);
        HandGuest sender = bed.Guest(0);
        HandGuest receiver = bed.Guest(1);
        var published = new Queue<uint>();
        var delivered = new Queue<uint>();
        uint number = 0;
        foreach ((int action, int count) in steps)
        {
            for (int i = 0; action == 0 && i < count && sender.TxSpace > 0; i++)
            {
                sender.Send(++number);
                published.Enqueue(number);
            }

            if (action == 1)
            {
                sender.Attachment.Assist();
                while (published.Count > 0 && delivered.Count < slots - 1)
                {
                    delivered.Enqueue(published.Dequeue());
                }
            }

            for (int i = 0; action == 2 && i < count && delivered.Count > 0; i++)
            {
                Assert.Equal(delivered.Dequeue(), receiver.ReceiveSilently());
            }

            Assert.Equal((uint)delivered.Count, receiver.RxAvailable);
            Assert.True(published.Count == 0 || action != 1 || delivered.Count == slots - 1);
        }

        return BuffersAreAPermutation(bed);
    }

    private static bool BuffersAreAPermutation(PassthroughBed bed)
    {
        var seen = new HashSet<uint>();
        RingView[] rings = [.. bed.Port(0).Memory.TxRings, .. bed.Port(0).Memory.RxRings, .. bed.Port(1).Memory.TxRings,
            .. bed.Port(1).Memory.RxRings];
        foreach (RingView ring in rings)
        {
            foreach (NetmapSlot slot in ring.Slots)
            {
                Assert.True(seen.Add(slot.BufferIndex));
            }
        }

        return true;
    }
}
