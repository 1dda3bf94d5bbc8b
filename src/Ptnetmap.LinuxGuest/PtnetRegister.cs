namespace Ptnetmap.LinuxGuest;

/// <summary>Offsets of the ptnet device's registers, and what is written to them.</summary>
internal static class PtnetRegister
{
    internal const ushort Vendor = 0x1B36;
    internal const ushort Device = 0x000D;
    internal const int Features = 0;
    internal const int Control = 4;
    internal const int MacLow = 8;
    internal const int MacHigh = 12;
    internal const int InterfaceOffset = 24;
    internal const int TxRings = 28;
    internal const int RxRings = 32;
    internal const int TxSlots = 36;
    internal const int RxSlots = 40;
    internal const int HeaderLength = 44;
    internal const int HostMemoryId = 48;
    internal const int CsbAtokHigh = 52;
    internal const int CsbAtokLow = 56;
    internal const int CsbKtoaHigh = 60;
    internal const int CsbKtoaLow = 64;
    internal const int ExtensionMagic = 112;
    internal const int ExtensionFeatures = 116;
    internal const int ExtensionCsb = 120;
    internal const int ExtensionInterrupt = 124;
    internal const int FirstKick = 128;

    /// <summary>Bit of PTFEAT: a virtio-net header stands before each frame.</summary>
    internal const uint HeaderFeature = 1;

    /// <summary>PTCTL: start the host's sync loop.</summary>
    internal const uint Start = 1;

    /// <summary>PTCTL: stop it.</summary>
    internal const uint Stop = 2;

    /// <summary>What <see cref="ExtensionMagic"/> reads as where the device has this project's extensions: "ptnx". Upstream
    /// drivers never look there, and other devices read as 0.</summary>
    internal const uint Magic = 0x706E_7478;

    /// <summary>Bit of <see cref="ExtensionFeatures"/>: BAR 4 is a CSB (a page of atok, a page of ktoa), used after 1 was
    /// written to <see cref="ExtensionCsb"/>; no guest memory has to be shared then.</summary>
    internal const uint CsbBarFeature = 1;

    /// <summary>Bit of <see cref="ExtensionFeatures"/>: reading <see cref="ExtensionInterrupt"/> takes the interrupt pin down.</summary>
    internal const uint InterruptStatusFeature = 2;

    /// <summary>The BAR of that feature.</summary>
    internal const int CsbBar = 4;

    internal static int Kick(int ring) => FirstKick + (ring * sizeof(uint));
}
