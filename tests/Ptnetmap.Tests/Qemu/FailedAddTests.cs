using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.Qemu;

/// <summary>What cannot be made to the end leaves no descriptor behind, not even until the next collection.</summary>
[Collection(AloneCollection.Name)]
public class FailedAddTests
{
    private const int Tries = 10;

    [Fact]
    public async Task A_port_whose_socket_cannot_be_made_closes_what_it_had()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddPort(new() { Name = "vale0:a", Slots = 64 });
        string socket = bed.Inventory.FindPort("vale0:a").Transport.Endpoint!;
        bed.Inventory.RemovePort("vale0:a");
        Directory.CreateDirectory(socket);
        LeavesNothing(() =>
            Assert.ThrowsAny<Exception>(() => bed.Inventory.AddPort(new() { Name = "vale0:a", Slots = 64 })));
        Directory.Delete(socket);
        bed.Inventory.AddPort(new() { Name = "vale0:a", Slots = 64 });
    }

    private static void LeavesNothing(Action attempt)
    {
        // What is made once, and what tests before this one left to the finalizers.
        attempt();
        ProcessHoldings before = ProcessHoldings.Count();
        for (int i = 0; i < Tries; i++)
        {
            attempt();
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before.Files);
    }
}
