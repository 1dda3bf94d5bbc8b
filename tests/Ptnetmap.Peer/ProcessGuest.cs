using System.Globalization;
using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Peer;

/// <summary>A guest that is a process of its own: it has the region and the CSB mapped, writes the numbers of rings to
/// be kicked to standard output, and looks for news instead of being interrupted. At the end it writes what it
/// counted.</summary>
internal static class ProcessGuest
{
    private const long Gentle = 4_000;

    internal static int Run(string region, string descriptor, string offset, string csb, string program, string packets)
    {
        using FileStream regionFile = Open(region);
        using FileStream csbFile = Open(csb);
        using var regionMemory = new FileDescriptor((int)regionFile.SafeFileHandle.DangerousGetHandle(), owns: false);
        using var csbMemory = new FileDescriptor((int)csbFile.SafeFileHandle.DangerousGetHandle(), owns: false);
        using MemoryRegion mapped = MemoryRegion.Map("guest", regionMemory, RegionDescriptor.Read(descriptor));
        using CsbMemory blocks = CsbMemory.Map(csbMemory);
        var port =
            NetmapPort.Open(new WritingChannel(mapped, long.Parse(offset, CultureInfo.InvariantCulture), blocks));
        long limit = long.Parse(packets, CultureInfo.InvariantCulture);
        GuestProgram guest = program is "send"
            ? new Sender(port, new TrafficSpec { Rate = Gentle, Limit = limit })
            : new Receiver(port, new ReceiverOptions { Verify = true, Limit = limit });
        while (!guest.IsFinished)
        {
            if (!guest.Step())
            {
                guest.Wait(TimeSpan.FromMilliseconds(100));
            }
        }

        GuestCounters counters = guest.Counters;
        Console.Out.WriteLine($"counted {counters.Packets} {counters.Lost} " +
            $"{counters.Duplicated} {counters.Reordered} {counters.Damaged}");
        return 0;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private sealed class WritingChannel(MemoryRegion region, long interfaceOffset, CsbMemory csb) : GuestChannel
    {
        private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(1);

        public override MemoryRegion Region => region;

        public override long InterfaceOffset => interfaceOffset;

        public override CsbGuestView Csb(int ring) => csb.Guest(ring);

        public override void Kick(int ring)
        {
            Console.Out.WriteLine(ring);
            Console.Out.Flush();
        }

        public override int WaitInterrupt(ReadOnlySpan<int> rings, TimeSpan timeout)
        {
            _ = Poll.WaitAny([], timeout < BetweenLooks ? timeout : BetweenLooks);
            return -1;
        }

        public override void Wake(int ring)
        {
        }
    }
}
