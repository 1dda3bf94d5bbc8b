using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Two guests that have nothing to do with a test but share the host's worker with it: numbered frames over a
/// pipe in a region of their own, all the time. Whatever happens to the others, nothing of theirs is lost.</summary>
internal sealed class Bystander : IDisposable
{
    private const long Rate = 20_000;
    private const long SomePackets = 2000;

    private readonly HostGuest _receiver;
    private readonly HostGuest _sender;

    internal Bystander(DeviceHost host, ushort region)
    {
        MemoryRegion memory = host.Region(region, ports: 2);
        (PipePort left, PipePort right) = host.Pipe(memory, $"by{region}");
        _receiver = HostGuest.Receiver(host, right);
        _sender = new HostGuest(host, left, port => new Sender(port, new TrafficSpec { Rate = Rate, Burst = 64 }));
    }

    /// <summary>Its traffic goes on, and nothing of it was lost since the start.</summary>
    internal async Task GoesOnAsync()
    {
        await _receiver.MovesAsync(SomePackets);
        _receiver.CheckWhole();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }
}
