namespace Ptnetmap.Abi;

/// <summary>Registers of the ptnet device, one a port (<c>PTNET_IO_*</c> in <c>netmap_virt.h</c>): offsets in BAR 0, 32
/// bits each.
/// <code>
///   0 PTFEAT        4 PTCTL         8 MAC_LO       12 MAC_HI       16 CSBBAH, 20 CSBBAL: of old drivers
///  24 NIFP_OFS     28 NUM_TX_RINGS 32 NUM_RX_RINGS 36 NUM_TX_SLOTS 40 NUM_RX_SLOTS
///  44 VNET_HDR_LEN 48 HOSTMEMID    52 CSB_GH_BAH   56 CSB_GH_BAL   60 CSB_HG_BAH   64 CSB_HG_BAL
/// 112 magic       116 features    120 CSB         124 interrupt    ours: upstream's drivers never look there
/// 128 KICK of ring 0, 132 of ring 1 ...: tx rings first, then rx rings
/// </code></summary>
public static class PtnetRegister
{
    /// <summary><c>PTFEAT</c>: the features that are wanted are written, those that are granted read.</summary>
    public const int Features = 0;

    /// <summary><c>PTCTL</c>: <see cref="PtnetAbi.Start"/> or <see cref="PtnetAbi.Stop"/> is written; reads as 0, or as
    /// the number of the error.</summary>
    public const int Control = 4;

    /// <summary><c>MAC_LO</c>: bytes 2 to 5 of the MAC address, the first of them on top.</summary>
    public const int MacLow = 8;

    /// <summary><c>MAC_HI</c>: bytes 0 and 1, in the low half.</summary>
    public const int MacHigh = 12;

    /// <summary><c>NIFP_OFS</c>: where the port's <c>netmap_if</c> is in its region.</summary>
    public const int InterfaceOffset = 24;

    /// <summary><c>NUM_TX_RINGS</c>.</summary>
    public const int TxRings = 28;

    /// <summary><c>NUM_RX_RINGS</c>.</summary>
    public const int RxRings = 32;

    /// <summary><c>NUM_TX_SLOTS</c>: of a tx ring.</summary>
    public const int TxSlots = 36;

    /// <summary><c>NUM_RX_SLOTS</c>: of an rx ring.</summary>
    public const int RxSlots = 40;

    /// <summary><c>VNET_HDR_LEN</c>: the length that is wanted is written, the one that is granted read: 0 or
    /// <see cref="VnetHeader.Length"/>.</summary>
    public const int VnetHeaderLength = 44;

    /// <summary><c>HOSTMEMID</c>: the id of the region that the port lives in.</summary>
    public const int HostMemoryId = 48;

    /// <summary><c>CSB_GH_BAH</c>: upper half of the guest-physical address of the array of
    /// <see cref="CsbAtok"/>.</summary>
    public const int CsbAtokHigh = 52;

    /// <summary><c>CSB_GH_BAL</c>: its lower half.</summary>
    public const int CsbAtokLow = 56;

    /// <summary><c>CSB_HG_BAH</c>: upper half of the guest-physical address of the array of
    /// <see cref="CsbKtoa"/>.</summary>
    public const int CsbKtoaHigh = 60;

    /// <summary><c>CSB_HG_BAL</c>: its lower half, written last; the CSB counts from then on. All four 0:
    /// detached.</summary>
    public const int CsbKtoaLow = 64;

    /// <summary>Reads as <see cref="PtnetAbi.ExtensionMagic"/> where the device has this project's extensions; as 0
    /// elsewhere.</summary>
    public const int ExtensionMagic = 112;

    /// <summary>Which extensions: <see cref="PtnetAbi.CsbBarFeature"/>,
    /// <see cref="PtnetAbi.InterruptStatusFeature"/>.</summary>
    public const int ExtensionFeatures = 116;

    /// <summary>1 is written to use the CSB of <see cref="PtnetAbi.CsbBar"/>, until one in the guest's memory is
    /// programmed.</summary>
    public const int ExtensionCsb = 120;

    /// <summary>Reads as 1 when the interrupt pin is up, and takes it down.</summary>
    public const int ExtensionInterrupt = 124;

    /// <summary><c>KICK</c> of ring 0; any value kicks.</summary>
    public const int FirstKick = 128;

    /// <summary><c>KICK</c> of a ring, tx rings first.</summary>
    public static int Kick(int ring) => FirstKick + (ring * sizeof(uint));
}
