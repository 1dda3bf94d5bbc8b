using System.Runtime.InteropServices;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Payload of <c>VFIO_USER_VERSION</c>, both ways, before its JSON text and a NUL.
/// <code>
///  0           2           4
///  | major u16 | minor u16 | JSON ... NUL |
/// </code></summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct VersionHead
{
    /// <summary>Bytes of it.</summary>
    public const int Size = 4;

    /// <summary>0.</summary>
    public ushort Major;

    /// <summary>0.</summary>
    public ushort Minor;
}
