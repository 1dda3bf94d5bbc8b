using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Qemu;

namespace Ptnetmap.Tests.Daemon;

/// <summary>What QEMU and a driver do, in a few messages over a real socket.</summary>
internal sealed class SocketClient : IDisposable
{
    private const ulong Control = 4;
    private const ulong ExtensionCsb = 120;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly UnixSocket _socket;

    internal SocketClient(string path)
    {
        _socket = UnixSocket.Connect(path);
        Assert.Equal(0u,
            Call(Command.Version, [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(HandClient.QemuCapabilities + "\0")]).Errno);
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>A descriptor of the same socket; the caller closes it.</summary>
    internal nint Duplicate()
    {
        using FileDescriptor copy = _socket.Descriptor.Duplicate();
        nint number = copy.Number;
        copy.SetHandleAsInvalid();
        return number;
    }

    /// <summary>The driver starts the port, with its CSB in BAR 4: no guest memory is needed.</summary>
    /// <returns>What the register then reads: 0 or an error's number.</returns>
    internal uint StartPort()
    {
        _ = Write(ExtensionCsb, 1);
        _ = Write(Control, 1);
        return Read(Control);
    }

    internal uint Write(ulong register, uint value) => Call(
        Command.RegionWrite,
        HandClient.Bytes(new RegionAccess { Offset = register, Count = 4 }, BitConverter.GetBytes(value))).Errno;

    internal uint Read(ulong register)
    {
        (uint errno, byte[] payload) = Call(
            Command.RegionRead, HandClient.Bytes(new RegionAccess { Offset = register, Count = 4 }));
        Assert.Equal(0u, errno);
        return BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(RegionAccess.Size));
    }

    internal (uint Errno, byte[] Payload) Call(Command command, byte[] payload)
    {
        var header = new MessageHeader { Command = command, MessageSize = (uint)(MessageHeader.Size + payload.Length) };
        byte[] message = HandClient.Bytes(header, payload);
        Assert.Equal(message.Length, _socket.TrySend(message));
        Assert.Equal(0, Poll.WaitAny([_socket.Descriptor.Number], Patience));
        byte[] reply = new byte[1024];
        int count = _socket.TryReceive(reply, []);
        Assert.True(count >= MessageHeader.Size, "the connection was closed");
        return (MemoryMarshal.Read<MessageHeader>(reply).Errno, reply[MessageHeader.Size..count]);
    }
}
