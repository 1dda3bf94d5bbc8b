using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Qemu.Serving;
using Ptnetmap.Tests.Transports;
using Ptnetmap.Transports.Mapping;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>A vfio-user client written out by hand: sends a command, has the session handle it, takes the
/// reply.</summary>
internal sealed class HandClient : IDisposable
{
    internal const string QemuCapabilities =
        """{"capabilities":{"max_msg_fds":16,"max_data_xfer_size":1048576,"max_dma_maps":65535,"pgsizes":4096,"migration":{"pgsize":4096},"write_multiple":true}}""";

    private readonly MemoryStreamPair _stream;
    private ushort _id;

    internal HandClient(PciDevice device, ISessionObserver? observer = null, bool negotiate = true)
    {
        (_stream, MemoryStreamPair server) = MemoryStreamPair.Make();
        ServerStream = server;
        var protocol = new VfioUserProtocol(device, observer);
        Memory = protocol.Memory;
        Session = new ClientSession(server, protocol);
        if (negotiate)
        {
            Assert.Equal(Errno.None, Version(QemuCapabilities).Errno);
        }
    }

    internal ClientSession Session { get; }

    /// <summary>The guest's memory, as the device's side has it.</summary>
    internal ClientMap Memory { get; }

    internal MemoryStreamPair Stream => _stream;

    internal MemoryStreamPair ServerStream { get; }

    public void Dispose()
    {
        _stream.Dispose();
        Session.Dispose();
    }

    internal static byte[] Bytes<T>(T value, params ReadOnlySpan<byte> more)
        where T : struct
    {
        byte[] bytes = new byte[Marshal.SizeOf<T>() + more.Length];
        MemoryMarshal.Write(bytes, value);
        more.CopyTo(bytes.AsSpan(bytes.Length - more.Length));
        return bytes;
    }

    internal Reply Version(string json, ushort major = 0) =>
        Call(Command.Version, Bytes(new VersionHead { Major = major }, Encoding.ASCII.GetBytes(json + "\0")));

    internal byte[] Message(Command command, ReadOnlySpan<byte> payload, MessageFlags flags = MessageFlags.Command)
    {
        var header = new MessageHeader
        {
            Id = ++_id,
            Command = command,
            Flags = flags,
            MessageSize = (uint)(MessageHeader.Size + payload.Length),
        };
        return Bytes(header, payload);
    }

    internal Reply Call(Command command, ReadOnlySpan<byte> payload, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        Post(Message(command, payload), descriptors);
        Reply reply = TakeReply() ?? throw new InvalidOperationException($"no reply to {command}: {Session.Pump()}");
        Assert.Equal((_id, command, MessageFlags.Reply),
            (reply.Header.Id, reply.Header.Command, reply.Header.Flags & MessageFlags.Type));
        Assert.Equal(reply.Errno != Errno.None, reply.Header.Flags.HasFlag(MessageFlags.Error));
        return reply;
    }

    /// <summary>Sends bytes as they are and has them handled.</summary>
    internal SessionState Post(byte[] bytes, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        Assert.Equal(bytes.Length, _stream.TrySend(bytes, descriptors));
        SessionState state;
        do
        {
            state = Session.Pump();
        }
        while (state == SessionState.Input && ServerStream.Waiting != 0);
        return state;
    }

    internal Reply? TakeReply()
    {
        var descriptors = new List<FileDescriptor>();
        byte[] head = new byte[MessageHeader.Size];
        if (_stream.TryReceive(head, descriptors) != head.Length)
        {
            return null;
        }

        MessageHeader header = MemoryMarshal.Read<MessageHeader>(head);
        byte[] payload = new byte[header.MessageSize - MessageHeader.Size];
        for (int got = 0; got < payload.Length;)
        {
            int count = _stream.TryReceive(payload.AsSpan(got), descriptors);
            Assert.True(count > 0, "a reply is cut off");
            got += count;
        }

        return new Reply(header, payload, [.. descriptors]);
    }

    internal Errno Map(ulong address, ulong length, FileDescriptor? file = null, ulong offset = 0,
        uint flags = 3) => Call(
            Command.DmaMap,
            Bytes(new DmaMapRequest
            {
                ArgumentSize = 32,
                Flags = flags,
                Address = address,
                Length = length,
                Offset = offset,
            }),
            file is null ? [] : [file]).Errno;

    internal Reply Unmap(ulong address, ulong length, uint flags = 0) => Call(
        Command.DmaUnmap,
        Bytes(new DmaUnmapRequest { ArgumentSize = 24, Flags = flags, Address = address, Length = length }));

    internal Reply SetIrqs(
        uint flags, IrqIndex index, uint start, uint count, byte[]? data = null,
        params ReadOnlySpan<FileDescriptor> descriptors) => Call(
        Command.DeviceSetIrqs,
        Bytes(new IrqSet { ArgumentSize = 20, Flags = flags, Index = index, Start = start, Count = count }, data ?? []),
        descriptors);

    internal byte[] Read(uint region, ulong offset, uint count)
    {
        Reply reply =
            Call(Command.RegionRead, Bytes(new RegionAccess { Region = region, Offset = offset, Count = count }));
        Assert.Equal(Errno.None, reply.Errno);
        Assert.Equal(count, reply.As<RegionAccess>().Count);
        return reply.Payload[RegionAccess.Size..];
    }

    internal uint Register(ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(Read(0, offset, 4));

    internal Errno Write(uint region, ulong offset, params ReadOnlySpan<byte> data) => Call(
        Command.RegionWrite,
        Bytes(new RegionAccess { Region = region, Offset = offset, Count = (uint)data.Length }, data)).Errno;

    internal Errno SetRegister(ulong offset, uint value) => Write(0, offset, BitConverter.GetBytes(value));

    /// <summary>A posted write: no reply comes.</summary>
    internal void PostRegister(ulong offset, uint value)
    {
        byte[] payload = Bytes(new RegionAccess { Offset = offset, Count = 4 }, BitConverter.GetBytes(value));
        Post(Message(Command.RegionWrite, payload, MessageFlags.NoReply));
        Assert.Null(TakeReply());
    }
}
