namespace Ptnetmap.Linux.Xdp;

/// <summary>How frames get between the device and the UMEM.</summary>
public enum XdpMode
{
    /// <summary>Without a copy where the driver can, otherwise with one.</summary>
    Any,

    /// <summary>Without a copy (<c>XDP_ZEROCOPY</c>), or not at all.</summary>
    ZeroCopy,

    /// <summary>With a copy (<c>XDP_COPY</c>): works on every interface.</summary>
    Copy,
}
