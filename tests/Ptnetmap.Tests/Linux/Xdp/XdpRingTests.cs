using System.Runtime.InteropServices;
using CsCheck;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.Linux.Xdp;

/// <summary>Rings over plain memory, with both sides played by the test.</summary>
public sealed class XdpRingTests : IDisposable
{
    private readonly MemoryMapping _memory = MemoryMapping.Map(MemFd.CreateSealed("xdp-ring", 1 << 20), 1 << 20);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Entries_arrive_in_order_and_only_when_submitted()
    {
        (XdpProducerRing<ulong> producer, XdpConsumerRing<ulong> consumer) = Pair<ulong>(8);
        producer.Write(0, 11);
        producer.Write(1, 12);
        Assert.Equal(0u, consumer.AvailableAcquire(1));
        producer.SubmitRelease(2);
        Assert.Equal(2u, consumer.AvailableAcquire(2));
        Assert.Equal([11ul, 12ul], [consumer.Read(0), consumer.Read(1)]);
        Assert.Equal(2u, producer.Pending);
        consumer.ReleaseConsumed(2);
        Assert.Equal(0u, producer.Pending);
    }

    [Fact]
    public void A_full_ring_has_no_room_until_entries_are_released()
    {
        (XdpProducerRing<ulong> producer, XdpConsumerRing<ulong> consumer) = Pair<ulong>(4);
        Assert.Equal(4u, producer.Free(1));
        producer.SubmitRelease(4);
        Assert.Equal(0u, producer.Free(1));
        Assert.Equal(4u, consumer.AvailableAcquire(1));
        consumer.ReleaseConsumed(3);
        Assert.Equal(3u, producer.Free(1));
    }

    [Fact]
    public void The_wish_to_be_woken_is_seen()
    {
        (XdpProducerRing<ulong> producer, XdpConsumerRing<ulong> consumer) = Pair<ulong>(4);
        Assert.False(producer.NeedsWakeUpFenced());
        consumer.SetNeedWakeUp(true);
        Assert.True(producer.NeedsWakeUpFenced());
        consumer.SetNeedWakeUp(false);
        Assert.False(producer.NeedsWakeUpFenced());
    }

    [Fact]
    public void Any_sequence_of_batches_is_a_queue_also_when_the_indices_wrap()
    {
        Gen.Select(Gen.UInt[0, 9], Gen.UInt[0, 9]).Array[0, 60].Sample(steps =>
        {
            // Indices that are about to pass 2^32.
            Marshal.WriteInt32(_memory.Address, -20);
            Marshal.WriteInt32(_memory.Address + 128, -20);
            (XdpProducerRing<XdpDescriptor> producer, XdpConsumerRing<XdpDescriptor> consumer) =
                Pair<XdpDescriptor>(8, clear: false);
            Queue<XdpDescriptor> model = [];
            uint next = 0;
            foreach ((uint put, uint take) in steps)
            {
                uint free = producer.Free(put);
                Assert.True(free <= 8 - model.Count && free >= Math.Min(put, 8 - (uint)model.Count));
                uint written = Math.Min(free, put);
                for (uint i = 0; i < written; i++)
                {
                    var entry = new XdpDescriptor(next++, 60 + i);
                    producer.Write(i, entry);
                    model.Enqueue(entry);
                }

                producer.SubmitRelease(written);
                uint read = Math.Min(take, consumer.AvailableAcquire(take));
                Assert.Equal(Math.Min(take, (uint)model.Count), read);
                for (uint i = 0; i < read; i++)
                {
                    Assert.Equal(model.Dequeue(), consumer.Read(i));
                }

                consumer.ReleaseConsumed(read);
            }
        }, threads: 1);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData((1u << 20) + 1)]
    [InlineData(1u << 21)]
    public void A_size_that_is_no_power_of_two_is_refused(uint size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => XdpRingMemory.Over(_memory.Range, size, sizeof(ulong)));

    private (XdpProducerRing<T> Producer, XdpConsumerRing<T> Consumer) Pair<T>(uint size, bool clear = true)
        where T : unmanaged
    {
        if (clear)
        {
            _memory.Span.Clear();
        }

        XdpRingMemory memory = XdpRingMemory.Over(_memory.Range, size, sizeof(ulong));
        return (new XdpProducerRing<T>(memory), new XdpConsumerRing<T>(memory));
    }
}
