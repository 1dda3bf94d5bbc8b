using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>The start of every message (vfio-user specification, "Header"), little-endian.
/// <code>
///  0        2         4                 8                12              16
///  | id u16 | cmd u16 | size u32        | flags u32      | errno u32     |
///                       header included
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct MessageHeader
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 16;

    /// <summary>Chosen by the sender of a command, repeated in its reply.</summary>
    public ushort Id;

    /// <summary>What is asked for.</summary>
    public Command Command;

    /// <summary>Bytes of the message, header included.</summary>
    public uint MessageSize;

    /// <summary>Command or reply, and more.</summary>
    public MessageFlags Flags;

    /// <summary>A UNIX error number, with <see cref="MessageFlags.Error"/>.</summary>
    public uint Errno;
}
