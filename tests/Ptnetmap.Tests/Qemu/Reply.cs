using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

/// <summary>What a client got for a command.</summary>
internal sealed record Reply(MessageHeader Header, byte[] Payload, FileDescriptor[] Descriptors)
{
    internal Errno Errno => (Errno)Header.Errno;

    internal T As<T>()
        where T : struct
    {
        Assert.Equal(Errno.None, Errno);
        return MemoryMarshal.Read<T>(Payload);
    }
}
