using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Offloads;

/// <summary>A switch with a port that has virtio-net headers (station 10) and one that has not (station 20).</summary>
internal sealed class OffloadBed : IDisposable
{
    private readonly SwitchBed _bed = new();

    public OffloadBed(int plainSlots = 400, int plainBufferSize = 2112)
    {
        Offloading = Add(VnetHeader.Length, slots: 600);
        Plain = Add(0, plainSlots, plainBufferSize);
    }

    /// <summary>The port with headers.</summary>
    public BedPort Offloading { get; }

    /// <summary>The port without.</summary>
    public BedPort Plain { get; }

    /// <summary>One more port.</summary>
    public BedPort Add(int headerLength, int slots = 400, int bufferSize = 2112) =>
        _bed.Add(slots, bufferSize, headerLength: headerLength);

    /// <summary>Sends a packet, header included, from the port with headers.</summary>
    /// <param name="packet">Header and frame.</param>
    /// <param name="cut">Bytes of a slot; the first one's are at least 150, so that all headers fit.</param>
    public void Send(byte[] packet, int cut = 2112)
    {
        int[] lengths = [.. packet.Chunk(cut).Select(chunk => chunk.Length)];
        if (lengths.Length > 64)
        {
            lengths = [.. packet.Chunk(2112).Select(chunk => chunk.Length)];
        }

        Offloading.PutFragments(packet, lengths);
        Assert.Equal(SyncStatus.Dry, Offloading.Sync());
    }

    public void Dispose() => _bed.Dispose();
}
