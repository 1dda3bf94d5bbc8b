namespace Ptnetmap.Lab.Beds;

/// <summary>What connects two guests.</summary>
public enum Via
{
    /// <summary>A pipe: one region for both, buffers are swapped. For guests that trust each other.</summary>
    Pipe,

    /// <summary>A VALE switch: a region a guest, frames are copied. For strangers.</summary>
    Vale,

    /// <summary>A pair of interfaces that are connected to each other, by AF_XDP.</summary>
    Veth,

    /// <summary>A switch whose uplink is one of a pair of interfaces; the other is the network outside.</summary>
    Uplink,

    /// <summary>Two interfaces that are there, with a wire between them, by AF_XDP.</summary>
    Wire,

    /// <summary>Nothing: a NIC port without kernel and wire.</summary>
    Stub,
}
