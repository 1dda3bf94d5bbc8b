using System.Buffers.Binary;

namespace Ptnetmap.Abi;

/// <summary>Numbers of the ptnet and ptnetmap-memdev PCI devices beside their registers (<c>netmap_virt.h</c>).
/// <code>
///          BAR 0      BAR 1        BAR 2   BAR 4
/// memdev   registers  the region   -       -
/// ptnet    registers  -            MSI-X   CSB: a page of atok, a page of ktoa (ours)
/// </code></summary>
public static class PtnetAbi
{
    /// <summary>Red Hat's vendor id (<c>PTNETMAP_PCI_VENDOR_ID</c>).</summary>
    public const ushort Vendor = 0x1B36;

    /// <summary><c>PTNETMAP_PCI_DEVICE_ID</c>: memdev, one a memory region.</summary>
    public const ushort MemdevId = 0x000C;

    /// <summary><c>PTNETMAP_PCI_NETIF_ID</c>: ptnet, one a port.</summary>
    public const ushort PtnetId = 0x000D;

    /// <summary>memdev's BAR with the region (<c>PTNETMAP_MEM_PCI_BAR</c>).</summary>
    public const int RegionBar = 1;

    /// <summary>ptnet's BAR with the MSI-X table (<c>PTNETMAP_MSIX_PCI_BAR</c>).</summary>
    public const int MsixBar = 2;

    /// <summary>ptnet's BAR with a CSB, where <see cref="CsbBarFeature"/> is offered.</summary>
    public const int CsbBar = 4;

    /// <summary>Bit of <see cref="PtnetRegister.Features"/>: a virtio-net header stands before each frame
    /// (<c>PTNETMAP_F_VNET_HDR</c>).</summary>
    public const uint VnetHeaderFeature = 1;

    /// <summary>Written to <see cref="PtnetRegister.Control"/>: start the host's sync loops
    /// (<c>PTNETMAP_PTCTL_CREATE</c>).</summary>
    public const uint Start = 1;

    /// <summary>Written to <see cref="PtnetRegister.Control"/>: stop them (<c>PTNETMAP_PTCTL_DELETE</c>).</summary>
    public const uint Stop = 2;

    /// <summary>What <see cref="PtnetRegister.ExtensionMagic"/> reads as: "ptnx".</summary>
    public const uint ExtensionMagic = 0x706E_7478;

    /// <summary>Bit of <see cref="PtnetRegister.ExtensionFeatures"/>: <see cref="CsbBar"/> is a CSB, used after 1 was
    /// written to <see cref="PtnetRegister.ExtensionCsb"/>; no guest memory has to be shared then.</summary>
    public const uint CsbBarFeature = 1;

    /// <summary>Bit of <see cref="PtnetRegister.ExtensionFeatures"/>: reading
    /// <see cref="PtnetRegister.ExtensionInterrupt"/> takes the interrupt pin down.</summary>
    public const uint InterruptStatusFeature = 2;

    /// <summary>What <see cref="PtnetRegister.MacHigh"/> reads as.</summary>
    public static uint MacHighOf(MacAddress mac) => BinaryPrimitives.ReverseEndianness((ushort)mac.Value);

    /// <summary>What <see cref="PtnetRegister.MacLow"/> reads as.</summary>
    public static uint MacLowOf(MacAddress mac) => BinaryPrimitives.ReverseEndianness((uint)(mac.Value >> 16));

    /// <summary>The address that the two registers have.</summary>
    public static MacAddress MacOf(uint high, uint low) => new(
        BinaryPrimitives.ReverseEndianness((ushort)high) | ((ulong)BinaryPrimitives.ReverseEndianness(low) << 16));
}
