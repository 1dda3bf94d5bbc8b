using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary>Numbers and structures of <c>linux/ethtool.h</c>. Numbers in them are the machine's, but those of a
/// <see cref="FlowSpec"/>'s values and masks, which are as on the wire.</summary>
internal static class EthtoolNative
{
    /// <summary><c>SIOCETHTOOL</c>.</summary>
    internal const nuint Control = 0x8946;

    internal const uint GetDriver = 0x3;
    internal const uint GetTransmitChecksums = 0x16;
    internal const uint GetSegmentation = 0x1E;
    internal const uint GetFlags = 0x25;
    internal const uint SetFlags = 0x26;
    internal const uint GetRuleCount = 0x2E;
    internal const uint GetRule = 0x2F;
    internal const uint GetRules = 0x30;
    internal const uint DeleteRule = 0x31;
    internal const uint InsertRule = 0x32;
    internal const uint GetChannels = 0x3C;

    internal const uint AnyLocation = 0xFFFF_FFFF;
    internal const uint SpecialLocations = 0x8000_0000;
    internal const uint VlanExtension = 0x8000_0000;
    internal const uint MacExtension = 0x4000_0000;

    internal const int ENoEnt = 2;
    internal const int EOpNotSupp = 95;

    /// <summary><c>struct ifreq</c> with <c>ifr_data</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Request
    {
        internal InterfaceRequest.NameBytes Name;
        internal void* Data;
        private readonly long _rest1;
        private readonly long _rest2;
    }

    [InlineArray(32)]
    internal struct Text
    {
        private byte _first;
    }

    /// <summary><c>struct ethtool_drvinfo</c>: what follows is not looked at.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 196)]
    internal struct DriverInfo
    {
        internal uint Command;
        internal Text Driver;
        internal Text Version;
        internal Text Firmware;
        internal Text Bus;
    }

    /// <summary><c>struct ethtool_value</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Number
    {
        internal uint Command;
        internal uint Data;
    }

    /// <summary><c>struct ethtool_channels</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Channels
    {
        internal uint Command;
        internal uint MaxReceive;
        internal uint MaxTransmit;
        internal uint MaxOther;
        internal uint MaxCombined;
        internal uint Receive;
        internal uint Transmit;
        internal uint Other;
        internal uint Combined;
    }

    /// <summary><c>union ethtool_flow_union</c>, of which a part is used as its flow type says.</summary>
    [InlineArray(52)]
    internal struct FlowHeader
    {
        private byte _first;
    }

    /// <summary><c>struct ethtool_flow_ext</c>: 2 destination's MAC, 8 VLAN EtherType, 10 VLAN tag, 12 data.</summary>
    [InlineArray(20)]
    internal struct FlowExtension
    {
        private byte _first;
    }

    /// <summary><c>struct ethtool_rx_flow_spec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FlowSpec
    {
        internal uint Kind;
        internal FlowHeader Values;
        internal FlowExtension ExtensionValues;
        internal FlowHeader Masks;
        internal FlowExtension ExtensionMasks;
        private readonly uint _pad;
        internal ulong Queue;
        internal uint Location;

        /// <summary>Whether another says the same, wherever it stands.</summary>
        internal readonly bool Says(in FlowSpec other) =>
            Kind == other.Kind && Queue == other.Queue
            && ((ReadOnlySpan<byte>)Values).SequenceEqual(other.Values)
            && ((ReadOnlySpan<byte>)Masks).SequenceEqual(other.Masks)
            && ((ReadOnlySpan<byte>)ExtensionValues).SequenceEqual(other.ExtensionValues)
            && ((ReadOnlySpan<byte>)ExtensionMasks).SequenceEqual(other.ExtensionMasks);
    }

    /// <summary><c>struct ethtool_rxnfc</c>, without the locations that may follow it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Classification
    {
        internal uint Command;
        internal uint FlowKind;
        internal ulong Data;
        internal FlowSpec Rule;
        internal uint RuleCount;
    }
}
