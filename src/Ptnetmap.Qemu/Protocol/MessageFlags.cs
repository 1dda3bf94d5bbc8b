namespace Ptnetmap.Qemu.Protocol;

/// <summary>Flags of a message's header (vfio-user specification, "Header"). The low four bits are its type.</summary>
[Flags]
public enum MessageFlags : uint
{
    /// <summary>A command.</summary>
    Command = 0,

    /// <summary>A reply.</summary>
    Reply = 0x1,

    /// <summary>The bits of the type.</summary>
    Type = 0xF,

    /// <summary>The sender waits for no reply: a posted write.</summary>
    NoReply = 0x10,

    /// <summary>The header's error number counts.</summary>
    Error = 0x20,
}
