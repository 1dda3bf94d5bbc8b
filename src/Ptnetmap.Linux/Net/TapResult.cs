namespace Ptnetmap.Linux.Net;

/// <summary>What became of a frame at a TAP interface.</summary>
public enum TapResult
{
    /// <summary>It went through.</summary>
    Done,

    /// <summary>There is none, or no space for one, at the moment (<c>EAGAIN</c>).</summary>
    NotNow,

    /// <summary>The interface is not up (<c>EIO</c>).</summary>
    Down,

    /// <summary>The interface has been deleted (<c>EBADFD</c>).</summary>
    Gone,

    /// <summary>The kernel does not take this frame.</summary>
    Refused,
}
