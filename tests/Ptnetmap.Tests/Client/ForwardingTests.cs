using Ptnetmap.Client;

namespace Ptnetmap.Tests.Client;

public sealed class ForwardingTests
{
    [Fact]
    public void Forwarding_swaps_the_buffers_and_says_so()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        host.FillTest(9);
        host.Rx.Slots[0].Flags = (SlotFlags)((1 << 8) | (int)SlotFlags.BufferChanged);
        host.Show();
        SlotWord received = host.Rx.Slots[0].Word;
        uint free = host.Tx.Slots[0].BufferIndex;
        _ = port.RxRings[0].Refresh();
        Assert.Equal(1u, SlotForwarder.Forward(port.RxRings[0], port.TxRings[0], 10));
        port.TxRings[0].Publish();
        port.RxRings[0].Publish();

        SlotWord sent = Assert.Single(host.Take(1));
        Assert.Equal((received.BufferIndex, received.Length), (sent.BufferIndex, sent.Length));
        Assert.Equal(SlotFlags.BufferChanged, sent.Flags);
        Assert.Equal(free, host.Rx.Slots[0].BufferIndex);
        Assert.True(host.Rx.Slots[0].Flags.HasFlag(SlotFlags.BufferChanged));
        Assert.Equal(1u, host.RxCsb.ReadHeadAcquire());
    }

    [Fact]
    public void Forwarding_into_another_region_is_refused_and_says_what_to_do()
    {
        using var host = new HandHost();
        using var other = new HandHost();
        RxRing rx = host.Open().RxRings[0];
        TxRing tx = other.Open().TxRings[0];
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => SlotForwarder.Forward(rx, tx, 1));
        Assert.Contains("use SlotForwarder.Copy", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Copying_brings_the_bytes_into_another_region()
    {
        using var host = new HandHost();
        using var other = new HandHost();
        RxRing rx = host.Open().RxRings[0];
        TxRing tx = other.Open().TxRings[0];
        byte[] first = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        host.Fill(first, SlotFlags.MoreFragments);
        host.FillTest(1);
        host.Show();
        _ = rx.Refresh();
        Assert.Equal(2u, SlotForwarder.Copy(rx, tx, 5));
        tx.Publish();
        SlotWord[] sent = other.Take(2);
        Assert.Equal(first, other.Region.Buffers[sent[0].BufferIndex][..sent[0].Length].ToArray());
        Assert.Equal(SlotFlags.MoreFragments, sent[0].Flags);
        Assert.Equal(60, sent[1].Length);
        Assert.Equal(0u, rx.Available);
    }

    [Fact]
    public void A_frame_too_long_for_the_other_regions_buffers_goes_as_a_runt()
    {
        using var host = new HandHost(bufferSize: 256);
        using var other = new HandHost(bufferSize: 128);
        RxRing rx = host.Open().RxRings[0];
        TxRing tx = other.Open().TxRings[0];
        host.Fill(new byte[200]);
        host.Show();
        _ = rx.Refresh();
        Assert.Equal(1u, SlotForwarder.Copy(rx, tx, 1));
        tx.Publish();
        Assert.Equal(0, Assert.Single(other.Take(1)).Length);
    }

    [Fact]
    public void Forwarding_stops_at_what_is_full_and_what_is_free()
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        for (ulong i = 0; i < 20; i++)
        {
            host.FillTest(i);
        }

        host.Show();
        _ = port.RxRings[0].Refresh();
        port.TxRings[0].Advance(58);
        Assert.Equal(5u, SlotForwarder.Forward(port.RxRings[0], port.TxRings[0], 100));
        Assert.Equal(0u, SlotForwarder.Forward(port.RxRings[0], port.TxRings[0], 100));
        Assert.Equal(15u, port.RxRings[0].Available);
    }
}
