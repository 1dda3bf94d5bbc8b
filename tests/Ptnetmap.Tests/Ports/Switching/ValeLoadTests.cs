using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Many threads at one switch.</summary>
public class ValeLoadTests
{
    [Fact]
    public void Many_senders_to_one_receiver_lose_nothing_that_is_not_counted_and_keep_their_order()
    {
        // Long packets: a sender is in the midst of copying most of the time, also when it loses its core.
        const int Long = 2100;
        const int Enough = 5000;
        using var bed = new SwitchBed();
        BedPort receiver = bed.Add(slots: 333);
        receiver.Send(Frame.Everyone, from: 99);
        BedPort[] ports = [.. Enumerable.Range(0, 4).Select(_ => bed.Add(slots: 200))];
        LoadSender[] senders =
            [.. ports.Select((port, i) => new LoadSender(port, 99, station: i, fragments: i == 3 ? 3 : 1, Long))];

        long[] next = new long[4];
        long[] received = new long[4];
        while (received.Min() < Enough && senders.All(sender => sender.IsRunning))
        {
            CheckOrder(receiver, next, received);
            Thread.Yield();
        }

        Array.ForEach(senders, sender => sender.Stop());
        CheckOrder(receiver, next, received);
        for (int i = 0; i < senders.Length; i++)
        {
            Assert.Equal(senders[i].Dropped, senders[i].DroppedFor(DropReason.NoSpace));
            Assert.Equal(senders[i].Sent, received[i] + senders[i].Dropped);
        }

        Assert.Equal(received.Sum(), receiver.Port.RxRings[0].Counters.Packets);
        Assert.Equal(receiver.Port.RxRings[0].HwTail, receiver.Port.RxRings[0].Claimed);
    }

    [Fact]
    public void Ports_come_and_go_under_load()
    {
        using var bed = new SwitchBed();
        BedPort stays = bed.Add(slots: 256);
        BedPort a = bed.Add(slots: 200);
        BedPort b = bed.Add(slots: 200);
        var flooder = new LoadSender(a, Frame.Everyone, station: 1, fragments: 1);
        var talker = new LoadSender(b, to: 77, station: 2, fragments: 2);
        long got = 0;
        long passing = 0;
        long sentBefore = 0;
        for (int round = 0; round < 100; round++)
        {
            BedPort guest = bed.AddTransient($"transient{round}", slots: 64 + round);
            guest.Send(Frame.Everyone, from: 77);
            while (guest.Clients[0].Tail == 0 || flooder.Sent == sentBefore)
            {
                got += CheckAll(stays);
                Thread.Yield();
            }

            sentBefore = flooder.Sent;
            passing += CheckAll(guest);
            guest.Dispose();
            got += CheckAll(stays);
        }

        flooder.Stop();
        talker.Stop();
        got += CheckAll(stays);
        Assert.Equal(stays.Port.RxRings[0].Counters.Packets, got);
        Assert.True(passing > 0 && got > 0);
        Assert.Equal(3, bed.Switch.Members.Count);
        Assert.Equal(0, flooder.DroppedFor(DropReason.BadBufferIndex) + flooder.DroppedFor(DropReason.BadReceiverSlot));
    }

    private static void CheckOrder(BedPort receiver, long[] next, long[] received)
    {
        foreach (Received packet in receiver.Take())
        {
            (int station, long number) = LoadSender.Check(packet.Bytes);
            Assert.True(number >= next[station], $"sender {station}: {number} after {next[station] - 1}");
            next[station] = number + 1;
            received[station]++;
        }
    }

    private static int CheckAll(BedPort port)
    {
        int count = 0;
        foreach (Received packet in port.Take())
        {
            bool numbered = packet.Bytes[11] != 77;
            if (numbered)
            {
                LoadSender.Check(packet.Bytes);
            }

            count++;
        }

        return count;
    }
}
