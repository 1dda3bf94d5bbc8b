using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>A TAP port in the calling thread's network, with the test as the user of its rings.</summary>
internal sealed class TapBed : IDisposable
{
    internal static readonly byte[] KernelMac = [0x02, 0, 0, 0, 0, 2];
    internal static readonly byte[] OurMac = [0x02, 0, 0, 0, 0, 1];

    // Who has 192.168.7.1? Tell 192.168.7.9.
    internal static readonly byte[] Question =
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. OurMac, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, .. OurMac, 192, 168, 7, 9,
        0, 0, 0, 0, 0, 0, 192, 168, 7, 1,
    ];

    internal TapBed(TapPortOptions? options = null, NicSupervisor? supervisor = null, NicLedger? ledger = null)
    {
        Options = options ?? new TapPortOptions { Interface = "ptap0", Slots = 128, Mac = MacAddress.Read(KernelMac) };
        Region = MemoryRegion.Create(new RegionRequest
        {
            RingPairs = Options.Queues,
            Slots = Options.Slots,
            HugePages = HugePagePolicy.Off,
        });
        Port = TapPort.Create("tap:ptap0", Region, Options, new Quiescence());
        Link = new TapLink(Port, Options, ledger);
        try
        {
            if (supervisor is not null)
            {
                _ = supervisor.Add(Link);
                return;
            }

            Port.Wished += _ => Link.LeavePlace();
            Assert.Null(Link.EnterPlace());
            Link.Open();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal TapPortOptions Options { get; }

    internal MemoryRegion Region { get; }

    internal TapPort Port { get; }

    /// <summary>The port's link; without a supervisor, it looks when the test has it look.</summary>
    internal TapLink Link { get; }

    internal Kring Tx => Port.TxRings[0];

    internal Kring Rx => Port.RxRings[0];

    internal RxSource Source => Port.SourceOf(Rx)!;

    internal SlotWord NextTx => Tx.Ring.Slots[(int)Tx.Head].Word;

    /// <summary>Hands a frame over, in pieces of the lengths given.</summary>
    internal void Put(ReadOnlySpan<byte> frame, params ReadOnlySpan<int> lengths)
    {
        for (int i = 0; i < Math.Max(lengths.Length, 1); i++)
        {
            ReadOnlySpan<byte> part = lengths.Length == 0 ? frame : frame[..lengths[i]];
            frame = frame[part.Length..];
            uint buffer = NextTx.BufferIndex;
            part.CopyTo(Region.Buffers[buffer]);
            PutWord(new SlotWord(buffer, (ushort)part.Length,
                frame.IsEmpty ? SlotFlags.None : SlotFlags.MoreFragments));
        }
    }

    internal void PutWord(SlotWord word)
    {
        Tx.Ring.Slots[(int)Tx.Head].Word = word;
        uint head = Tx.Ring.Next(Tx.Head);
        Assert.True(Tx.TryAdvance(head, head));
    }

    internal SyncStatus Send() => Port.TxSync(Tx, uint.MaxValue);

    /// <summary>Waits for a frame of an EtherType; others (IPv6's own) are let go.</summary>
    internal byte[] AwaitFrame(int type, out int slots, int header = 0)
    {
        while (true)
        {
            Assert.True(Ptnetmap.Linux.Poll.WaitAny([Source.Descriptor.Number], TimeSpan.FromSeconds(60)) == 0
                || Rx.Head != Rx.HwTail);
            _ = Source.RxSync(Rx, 64);
            while (Rx.Head != Rx.HwTail)
            {
                byte[] frame = Take(out slots);
                if (frame.Length > header + 14 && ((frame[header + 12] << 8) | frame[header + 13]) == type)
                {
                    return frame;
                }
            }
        }
    }

    /// <summary>Waits until nobody has a queue of an interface, if there is one: a program that another test starts
    /// just now has our descriptors until it is itself.</summary>
    internal static void AwaitFree(string name = "ptap0")
    {
        using var links = new Links();
        VethBed.Await(() => links.TryGet(name)?.Tap is not { Queues: not 0 }, "the interface's queues to be closed");
    }

    public void Dispose()
    {
        Port.Dispose();
        Region.Dispose();
    }

    private byte[] Take(out int slots)
    {
        var bytes = new List<byte>();
        slots = 0;
        while (true)
        {
            SlotWord word = Rx.Ring.Slots[(int)Rx.Head].Word;
            bytes.AddRange(word.Length == 0 ? [] : Region.Buffers[word.BufferIndex][..word.Length]);
            uint head = Rx.Ring.Next(Rx.Head);
            Assert.True(Rx.TryAdvance(head, head));
            slots++;
            if (!word.Has(SlotFlags.MoreFragments))
            {
                return [.. bytes];
            }
        }
    }
}
