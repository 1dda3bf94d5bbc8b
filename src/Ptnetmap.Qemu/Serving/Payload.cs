using System.Runtime.InteropServices;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Serving;

/// <summary>Reads structures out of a command's payload, which may be shorter than they are.</summary>
internal static class Payload
{
    /// <summary>The structure that a payload begins with.</summary>
    /// <exception cref="VfioUserException">It is shorter.</exception>
    internal static T Read<T>(ReadOnlySpan<byte> payload, int size, string command)
        where T : struct => payload.Length >= size
            ? MemoryMarshal.Read<T>(payload)
            : throw new VfioUserException($"{command}: {payload.Length} bytes, at least {size} are needed");

    /// <summary>Checks what a client says that it has room for.</summary>
    /// <exception cref="VfioUserException">It is too little.</exception>
    internal static void CheckArgumentSize(uint argumentSize, int size, string command)
    {
        if (argumentSize < size)
        {
            throw new VfioUserException($"{command}: argsz is {argumentSize}, at least {size} is needed");
        }
    }
}
