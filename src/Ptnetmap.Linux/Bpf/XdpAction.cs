namespace Ptnetmap.Linux.Bpf;

/// <summary>What an XDP program decides: <c>enum xdp_action</c>.</summary>
public enum XdpAction
{
    /// <summary>The program failed; the frame is dropped.</summary>
    Aborted,

    /// <summary>The frame is dropped.</summary>
    Drop,

    /// <summary>The frame goes on to the kernel's stack.</summary>
    Pass,

    /// <summary>The frame is sent back on the same interface.</summary>
    Transmit,

    /// <summary>The frame goes to a socket or another interface.</summary>
    Redirect,
}
