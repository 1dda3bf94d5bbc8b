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
        var request = default(InterfaceRequest);
        _ = Encoding.UTF8.GetBytes(InterfaceName.CheckTemplate(name), request.Name);
        return request;
    }

    /// <summary>What an interface is called now, in the namespace of <paramref name="socket"/>; <paramref name="name"/>
    /// when
    /// <paramref name="index"/> is 0. Null, and the thread's last error set, when there is none.</summary>
    internal static unsafe string? NameOf(FileDescriptor socket, string name, int index)
    {
        const nuint GetName = 0x8910;
        if (index == 0)
        {
            return name;
        }

        var request = new InterfaceRequest { Number = index };
        return Libc.Ioctl(socket.Number, GetName, &request) == 0 ? request.ReadName() : null;
    }

    internal void SetName(string name)
    {
        Name = default;
        _ = Encoding.UTF8.GetBytes(name, Name);
    }

    internal readonly string ReadName()
    {
        ReadOnlySpan<byte> bytes = Name;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    [InlineArray(InterfaceName.MaxBytes + 1)]
    internal struct NameBytes
    {
        private byte _first;
    }

    [InlineArray(MacAddress.Length)]
    internal struct HardwareAddress
    {
        private byte _first;
    }
}
