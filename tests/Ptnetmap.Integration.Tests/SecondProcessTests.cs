using System.Diagnostics;
using System.Text;
using Ptnetmap.Memory;

namespace Ptnetmap.Integration.Tests;

public class SecondProcessTests
{
    [Fact]
    public async Task Another_process_maps_a_region_from_its_descriptor_alone_and_cannot_shrink_it()
    {
        using MemoryRegion region =
            MemoryRegion.Create(new RegionRequest { Slots = 64, HugePages = HugePagePolicy.Off });
        using PortMemory port = PortMemory.Open(region, "shared", PortShape.Symmetric(1, 64));
        PutText(region, port.RxRings[0], "from the parent");

        ProcessStartInfo start = new(
            Path.Combine(AppContext.BaseDirectory, "Ptnetmap.Peer"),
            [
                "region", $"/proc/{Environment.ProcessId}/fd/{region.File.Number}",
                RegionDescriptor.Write(region.Layout),
                $"{port.InterfaceOffset}",
            ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using Process peer = Process.Start(start)!;
        string errors = await peer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (peer.ExitCode, errors));
        Assert.Equal("from the peer", Text(region, port.TxRings[0]));
    }

    private static void PutText(MemoryRegion region, RingView ring, string text) =>
        ring.Slots[0].Length = (ushort)Encoding.ASCII.GetBytes(text, region.Buffers[ring.Slots[0].BufferIndex]);

    private static string Text(MemoryRegion region, RingView ring) =>
        Encoding.ASCII.GetString(region.Buffers[ring.Slots[0].BufferIndex][..ring.Slots[0].Length]);
}
