using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary><c>struct ifreq</c>: an interface's name and a value, whose meaning is the request's.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct InterfaceRequest
{
    [FieldOffset(0)]
    internal NameBytes Name;

    [FieldOffset(16)]
    internal short Flags;

    [FieldOffset(16)]
    internal int Number;

    [FieldOffset(18)]
    internal HardwareAddress Address;

    /// <summary>Makes one for the interface of that name.</summary>
    /// <exception cref="LinuxException">No interface can have such a name.</exception>
    internal static InterfaceRequest For(string name)
    {
        if (name.Length is 0 or > TapDevice.MaxName || !Ascii.IsValid(name) || name.Contains('/', StringComparison.Ordinal))
        {
            throw new LinuxException(
                $"'{name}' is no interface's name: 1 to {TapDevice.MaxName} ASCII characters without a slash");
        }

        var request = default(InterfaceRequest);
        _ = Encoding.ASCII.GetBytes(name, request.Name);
        return request;
    }

    [InlineArray(TapDevice.MaxName + 1)]
    internal struct NameBytes
    {
        private byte _first;
    }

    [InlineArray(6)]
    internal struct HardwareAddress
    {
        private byte _first;
    }
}
