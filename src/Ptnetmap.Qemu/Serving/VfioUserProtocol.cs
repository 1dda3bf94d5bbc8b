using System.Diagnostics;
using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <summary>vfio-user (its specification), as one client speaks it with one device: takes commands and replies. All
/// calls are on one thread, the device's.</summary>
public sealed class VfioUserProtocol : IProtocol
{
    private readonly PciDevice _device;
    private readonly ISessionObserver? _observer;
    private readonly MemoryCommands _memoryCommands;
    private readonly DeviceCommands _deviceCommands;
    private readonly RegionCommands _regionCommands;
    private readonly byte[] _reply = new byte[MessageHeader.Size + RegionAccess.Size + VfioUserFormat.MaxTransfer];
    private bool _negotiated;

    /// <summary>Connects a client that has come to <paramref name="device"/>.</summary>
    public VfioUserProtocol(PciDevice device, ISessionObserver? observer = null)
    {
        _device = device;
        _observer = observer;
        _memoryCommands = new MemoryCommands(device, Memory);
        _deviceCommands = new DeviceCommands(device);
        _regionCommands = new RegionCommands(device);
        device.Connect(Memory);
        observer?.Connected(device);
    }

    /// <summary>The guest's memory, as the client has told so far.</summary>
    public ClientMap Memory { get; } = new();

    /// <inheritdoc/>
    public string Subject => _device.Subject;

    /// <inheritdoc/>
    public MessageFormat Format => VfioUserFormat.Instance;

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> message, List<FileDescriptor> descriptors, IReplies replies)
    {
        MessageHeader header = MemoryMarshal.Read<MessageHeader>(message);
        Debug.Assert(header.MessageSize == message.Length, "a message is as long as its header says");
        Debug.Assert(descriptors.Count <= VfioUserFormat.MostDescriptors, "too many descriptors end the session");
        _device.Messages++;
        if ((header.Flags & MessageFlags.Type) != MessageFlags.Command)
        {
            throw new VfioUserException(
                $"a message of type {header.Flags & MessageFlags.Type:x}: only commands are expected");
        }

        header.Errno = 0;
        int length = 0;
        FileDescriptor? file = null;
        bool posted = header.Flags.HasFlag(MessageFlags.NoReply);
        header.Flags = MessageFlags.Reply;
        try
        {
            length = Dispatch(header.Command, message[MessageHeader.Size..], descriptors,
                _reply.AsSpan(MessageHeader.Size), out file);
        }
        catch (VfioUserException refusal)
        {
            header.Flags |= MessageFlags.Error;
            header.Errno = (uint)refusal.Errno;
            if (!refusal.IsUsual)
            {
                _observer?.Refused(_device, refusal.Message);
            }
        }

        if (!posted)
        {
            header.MessageSize = (uint)(MessageHeader.Size + length);
            MemoryMarshal.Write(_reply, header);
            replies.Send(_reply.AsSpan(0, MessageHeader.Size + length), file);
        }
    }

    /// <inheritdoc/>
    public void LetGo(bool gaveUp)
    {
        try
        {
            _device.Disconnect(gaveUp);
        }
        finally
        {
            Memory.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Ended(string reason) => _observer?.Disconnected(_device, reason);

    private int Dispatch(
        Command command, ReadOnlySpan<byte> payload, List<FileDescriptor> descriptors, Span<byte> reply,
        out FileDescriptor? file)
    {
        file = null;
        if (command == Command.Version)
        {
            return Version(payload, reply);
        }

        if (!_negotiated)
        {
            throw new VfioUserException($"{command} before VERSION");
        }

        return command switch
        {
            Command.DmaMap => _memoryCommands.Map(payload, descriptors),
            Command.DmaUnmap => _memoryCommands.Unmap(payload, reply),
            Command.DeviceGetInfo => DeviceCommands.GetInfo(payload, reply),
            Command.DeviceGetRegionInfo => _regionCommands.GetInfo(payload, reply, out file),
            Command.DeviceGetIrqInfo => _deviceCommands.GetIrqInfo(payload, reply),
            Command.DeviceSetIrqs => _deviceCommands.SetIrqs(payload, descriptors),
            Command.RegionRead => _regionCommands.Read(payload, reply),
            Command.RegionWrite => _regionCommands.Write(payload, reply),
            Command.RegionWriteMulti => _regionCommands.WriteMulti(payload, reply),
            Command.DeviceReset => _deviceCommands.Reset(),
            _ => throw new VfioUserException(Errno.NotSupported, $"unknown command {(ushort)command}"),
        };
    }

    private int Version(ReadOnlySpan<byte> payload, Span<byte> reply)
    {
        VersionHead head = Payload.Read<VersionHead>(payload, VersionHead.Size, "VERSION");
        if (head.Major != 0)
        {
            throw new VfioUserException($"VERSION: {head.Major}.{head.Minor}, only 0.0 is spoken here");
        }

        if (_negotiated)
        {
            throw new VfioUserException("VERSION: it is settled already");
        }

        ReadOnlySpan<byte> text = VersionNegotiation.Answer(payload[VersionHead.Size..]);
        MemoryMarshal.Write(reply, default(VersionHead));
        text.CopyTo(reply[VersionHead.Size..]);
        _negotiated = true;
        return VersionHead.Size + text.Length;
    }
}
