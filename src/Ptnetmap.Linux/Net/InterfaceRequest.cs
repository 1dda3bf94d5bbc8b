using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary><c>struct ifreq</c>: an interface's name and a value, whose meaning is the request's.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InterfaceRequest
{
    internal NameBytes Name;
    internal short Flags;
    internal HardwareAddress Address;
    private readonly long _rest1;
    private readonly long _rest2;

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
