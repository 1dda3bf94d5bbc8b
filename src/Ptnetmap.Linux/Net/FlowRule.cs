using System.Buffers.Binary;

namespace Ptnetmap.Linux.Net;

/// <summary>A rule by which a NIC chooses the queue that a frame is received on (<c>ethtool -N</c>). What is null does
/// not matter.</summary>
public sealed record FlowRule
{
    private const int DestinationPort4 = 10;
    private const int DestinationPort6 = 34;
    private const int MacInExtension = 2;
    private const int VlanInExtension = 10;
    private const ushort Whole = 0xFFFF;

    /// <summary>Which frames.</summary>
    public required FlowKind Kind { get; init; }

    /// <summary>The queue that they are to go to.</summary>
    public required int Queue { get; init; }

    /// <summary>The destination's MAC address.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The VLAN id.</summary>
    public int? Vlan { get; init; }

    /// <summary>The EtherType; only of <see cref="FlowKind.Ethernet"/>.</summary>
    public int? EtherType { get; init; }

    /// <summary>The destination port; not of <see cref="FlowKind.Ethernet"/>.</summary>
    public int? Port { get; init; }

    internal EthtoolNative.FlowSpec ToSpec(uint location)
    {
        var spec = new EthtoolNative.FlowSpec { Kind = (uint)Kind, Queue = (ulong)Queue, Location = location };
        if (Kind == FlowKind.Ethernet)
        {
            SetMac(spec.Values, spec.Masks);
            Set(spec.Values, spec.Masks, Ethernet.TypeOffset, EtherType, Whole);
        }
        else
        {
            int at = Kind is FlowKind.Tcp4 or FlowKind.Udp4 ? DestinationPort4 : DestinationPort6;
            Set(spec.Values, spec.Masks, at, Port, Whole);
            SetMac(spec.ExtensionValues[MacInExtension..], spec.ExtensionMasks[MacInExtension..]);
            spec.Kind |= Mac is null ? 0 : EthtoolNative.MacExtension;
        }

        Set(spec.ExtensionValues, spec.ExtensionMasks, VlanInExtension, Vlan, Ethernet.VlanIdMask);
        spec.Kind |= Vlan is null ? 0 : EthtoolNative.VlanExtension;
        return spec;
    }

    private static void Set(Span<byte> values, Span<byte> masks, int at, int? value, ushort mask)
    {
        if (value is { } number)
        {
            BinaryPrimitives.WriteUInt16BigEndian(values[at..], (ushort)number);
            BinaryPrimitives.WriteUInt16BigEndian(masks[at..], mask);
        }
    }

    private void SetMac(Span<byte> values, Span<byte> masks)
    {
        if (Mac is { } mac)
        {
            mac.Write(values);
            MacAddress.Broadcast.Write(masks);
        }
    }
}
