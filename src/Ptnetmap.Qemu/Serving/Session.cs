using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <summary>One client's session with one device (vfio-user specification): takes commands off a stream and sends
/// replies. It never blocks; whoever owns the stream calls <see cref="Pump"/> when it can be read (or written). All calls
/// are on one thread, the device's.</summary>
public sealed partial class Session : IDisposable
{
    /// <summary>Most descriptors of a message (<c>max_msg_fds</c>).</summary>
    public const int MaxDescriptors = 16;

    /// <summary>Most bytes of a region's read or write (<c>max_data_xfer_size</c>).</summary>
    public const int MaxTransfer = 8192;

    /// <summary>Most bytes of a message that is taken.</summary>
    public const int MaxMessage = 16384;

    private const int BrokenPipe = 32;

    private readonly IMessageStream _stream;
    private readonly ISessionObserver? _observer;
    private readonly MessageReader _reader = new();
    private readonly List<FileDescriptor> _descriptors = [];
    private readonly Queue<OutgoingMessage> _outgoing = new();
    private readonly byte[] _reply = new byte[MessageHeader.Size + RegionAccess.Size + MaxTransfer];
    private bool _negotiated;
    private bool _ended;

    /// <summary>Starts a session; <paramref name="stream"/> is owned from now on.</summary>
    public Session(IMessageStream stream, PciDevice device, ISessionObserver? observer = null)
    {
        _stream = stream;
        _observer = observer;
        Device = device;
        Memory = new DmaTable();
        device.Connect(Memory);
        observer?.Connected(device);
    }

    /// <summary>The device.</summary>
    public PciDevice Device { get; }

    /// <summary>The guest's memory, as the client has told so far.</summary>
    public DmaTable Memory { get; }

    /// <summary>Messages handled so far.</summary>
    public long Messages { get; private set; }

    /// <summary>Receives once and handles what is there.</summary>
    /// <returns>What to wait for.</returns>
    public SessionState Pump()
    {
        try
        {
            if (_ended || !Flush() || !HandleAll())
            {
                return State;
            }

            if (_reader.Fill(_stream) == 0)
            {
                End("the client has closed the connection");
                return State;
            }

            _ = HandleAll();
        }
        catch (VfioUserException violation)
        {
            End(violation.Message);
        }
        catch (LinuxException broken)
        {
            EndBroken(broken);
        }

        return State;
    }

    /// <summary>Looks whether the client still takes replies. QEMU that has waited too long for one shuts its side of the
    /// connection for reading and sends nothing any more, so that there is no other sign of it. An empty message makes the
    /// kernel tell (<c>EPIPE</c>) and sends nothing.</summary>
    /// <returns>What to wait for.</returns>
    public SessionState Probe()
    {
        try
        {
            if (!_ended)
            {
                _ = _stream.TrySend([]);
            }
        }
        catch (LinuxException broken)
        {
            EndBroken(broken);
        }

        return State;
    }

    /// <summary>Ends the session: the guest is detached, the port stays.</summary>
    public void Dispose() => End("the device was taken away");

    private SessionState State =>
        _ended ? SessionState.Ended : _outgoing.Count != 0 ? SessionState.Output : SessionState.Input;

    // A client that does not read any more, but has not closed, has given the device up. One that has closed is gone, whether or
    // not it left replies behind.
    private void EndBroken(LinuxException broken)
    {
        bool gaveUp = broken.Errno == BrokenPipe && !HasClosed();
        End(gaveUp ? $"it gave the device up, waiting too long for a reply ({broken.Message})" : broken.Message, gaveUp);
    }

    private bool HasClosed()
    {
        try
        {
            int count;
            do
            {
                count = _stream.TryReceive(_reply, _descriptors);
                DropDescriptors();
            }
            while (count > 0);
            return count == 0;
        }
        catch (LinuxException)
        {
            return true;
        }
    }

    private void End(string reason, bool gaveUp = false)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        Device.Disconnect(gaveUp);
        Memory.Dispose();
        _reader.Dispose();
        DropDescriptors();
        _outgoing.Clear();
        _stream.Dispose();
        _observer?.Disconnected(Device, reason);
    }

    // False when a reply found no room: the rest waits, in the buffer.
    private bool HandleAll()
    {
        while (_outgoing.Count == 0 && _reader.TryTake(out MessageHeader header, out ReadOnlySpan<byte> payload, _descriptors))
        {
            Messages++;
            Device.Messages++;
            try
            {
                Handle(header, payload);
            }
            finally
            {
                DropDescriptors();
            }
        }

        return _outgoing.Count == 0;
    }

    private void Handle(MessageHeader header, ReadOnlySpan<byte> payload)
    {
        if ((header.Flags & MessageFlags.Type) != MessageFlags.Command)
        {
            throw new VfioUserException($"a message of type {header.Flags & MessageFlags.Type:x}: only commands are expected");
        }

        header.Errno = 0;
        int length = 0;
        FileDescriptor? file = null;
        bool posted = header.Flags.HasFlag(MessageFlags.NoReply);
        header.Flags = MessageFlags.Reply;
        try
        {
            length = Dispatch(header.Command, payload, _reply.AsSpan(MessageHeader.Size), out file);
        }
        catch (VfioUserException refusal)
        {
            header.Flags |= MessageFlags.Error;
            header.Errno = (uint)refusal.Errno;
            if (!refusal.IsUsual)
            {
                _observer?.Refused(Device, refusal.Message);
            }
        }

        if (!posted)
        {
            header.MessageSize = (uint)(MessageHeader.Size + length);
            MemoryMarshal.Write(_reply, header);
            Send(_reply.AsSpan(0, MessageHeader.Size + length), file);
        }
    }

    private int Dispatch(Command command, ReadOnlySpan<byte> payload, Span<byte> reply, out FileDescriptor? file)
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
            Command.DmaMap => DmaMap(payload),
            Command.DmaUnmap => DmaUnmap(payload, reply),
            Command.DeviceGetInfo => GetInfo(payload, reply),
            Command.DeviceGetRegionInfo => GetRegionInfo(payload, reply, out file),
            Command.DeviceGetIrqInfo => GetIrqInfo(payload, reply),
            Command.DeviceSetIrqs => SetIrqs(payload),
            Command.RegionRead => RegionRead(payload, reply),
            Command.RegionWrite => RegionWrite(payload, reply),
            Command.RegionWriteMulti => RegionWriteMulti(payload, reply),
            Command.DeviceReset => Reset(),
            _ => throw new VfioUserException(Errno.NotSupported, $"unknown command {(ushort)command}"),
        };
    }

    private void Send(ReadOnlySpan<byte> message, FileDescriptor? file)
    {
        int sent = TrySend(message, file);
        if (sent < message.Length)
        {
            _outgoing.Enqueue(new OutgoingMessage(message[Math.Max(sent, 0)..].ToArray(), sent <= 0 ? file : null));
        }
    }

    private int TrySend(ReadOnlySpan<byte> message, FileDescriptor? file) =>
        file is null ? _stream.TrySend(message) : _stream.TrySend(message, file);

    private bool Flush()
    {
        while (_outgoing.TryPeek(out OutgoingMessage? next))
        {
            int sent = TrySend(next.Bytes.Span, next.Descriptor);
            if (sent < 0)
            {
                return false;
            }

            _ = _outgoing.Dequeue();
            if (sent < next.Bytes.Length)
            {
                _outgoing.Enqueue(new OutgoingMessage(next.Bytes[sent..], null));
                return false;
            }
        }

        return true;
    }

    private void DropDescriptors()
    {
        _descriptors.ForEach(descriptor => descriptor.Dispose());
        _descriptors.Clear();
    }
}
