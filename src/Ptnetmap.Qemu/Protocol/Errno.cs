namespace Ptnetmap.Qemu.Protocol;

/// <summary>Error numbers of replies and of the PTCTL register (<c>errno.h</c>).</summary>
public enum Errno : uint
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary><c>EIO</c>.</summary>
    InputOutput = 5,

    /// <summary><c>E2BIG</c>.</summary>
    TooBig = 7,

    /// <summary><c>EFAULT</c>: an address that is no memory of the guest's.</summary>
    Fault = 14,

    /// <summary><c>EBUSY</c>: the port has another guest.</summary>
    Busy = 16,

    /// <summary><c>EEXIST</c>: the range overlaps another one.</summary>
    Exists = 17,

    /// <summary><c>EINVAL</c>.</summary>
    Invalid = 22,

    /// <summary><c>ENOSPC</c>: too many ranges.</summary>
    NoSpace = 28,

    /// <summary><c>ENOTSUP</c>: a command that is not known here.</summary>
    NotSupported = 95,
}
