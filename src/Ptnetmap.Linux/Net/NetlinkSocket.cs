using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary>A socket to the kernel's routing tables and links (<c>rtnetlink(7)</c>), of the network namespace of the
/// thread that made it.</summary>
internal sealed class NetlinkSocket : IDisposable
{
    internal const int ReceiveSize = 32 << 10;

    private const int AddressFamily = 16;
    private const int RawCloexec = 3 | Libc.OCloexec;
    private const int SolNetlink = 270;
    private const int ExtendedAcknowledge = 11;
    private const int MessageError = 2;
    private const int MessageDone = 3;
    private const int CappedFlag = 0x100;
    private const int ExtendedFlag = 0x200;
    private const int ErrorText = 1;

    private readonly byte[] _buffer = new byte[ReceiveSize];
    private uint _sequence;

    /// <summary>Opens one that hears of the groups in <paramref name="groups"/> (<c>RTMGRP_*</c>).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal unsafe NetlinkSocket(uint groups = 0, bool nonBlocking = false)
    {
        int number = Libc.Socket(AddressFamily, RawCloexec | (nonBlocking ? Libc.ONonBlock : 0), 0);
        Descriptor = number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last("socket(AF_NETLINK)");
        int on = 1;
        _ = Xdp.XdpNative.SetSocketOption(number, SolNetlink, ExtendedAcknowledge, &on, sizeof(int));

        // struct sockaddr_nl: family, pad, port (0: the kernel chooses), groups.
        uint* address = stackalloc uint[] { AddressFamily, 0, groups };
        if (Libc.Bind(number, (byte*)address, 12) != 0)
        {
            var refusal = LinuxException.Last("bind(AF_NETLINK)");
            Descriptor.Dispose();
            throw refusal;
        }
    }

    internal FileDescriptor Descriptor { get; }

    /// <summary>Receives messages into <paramref name="buffer"/>.</summary>
    /// <returns>Bytes; -1 when nothing is there (of a socket that does not block), or messages were lost.</returns>
    internal unsafe int TryReceive(Span<byte> buffer, out bool lost)
    {
        fixed (byte* start = buffer)
        {
            nint count = Xdp.XdpNative.ReceiveFrom(Descriptor.Number, start, (nuint)buffer.Length, 0, null, null);
            int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
            lost = error == Xdp.XdpNative.ENoBufs;
            return error is 0 or Libc.EAgain or Libc.EIntr or Xdp.XdpNative.ENoBufs
                ? (int)count
                : throw new LinuxException("recvfrom(AF_NETLINK)", error);
        }
    }

    /// <summary>Sends a request and waits for the kernel's answer.</summary>
    /// <param name="request">Sent with a request to acknowledge.</param>
    /// <param name="what">For the exception: the request, with its main argument.</param>
    /// <param name="take">Takes each message of the answer: its type and what is behind the header.</param>
    /// <param name="tolerated">An error number that is an answer.</param>
    /// <returns>0, or <paramref name="tolerated"/>.</returns>
    /// <exception cref="LinuxException">The kernel refused; the message has its text.</exception>
    internal int Request(NetlinkMessage request, string what, MessageTaker? take = null, int tolerated = 0)
    {
        Send(request.Finish(++_sequence), what);
        while (true)
        {
            int count = TryReceive(_buffer, out bool lost);
            if (lost)
            {
                throw new LinuxException($"{what}: the kernel's answer was too long");
            }

            ReadOnlySpan<byte> rest = _buffer.AsSpan(0, Math.Max(count, 0));
            while (TryNext(ref rest, out ushort type, out ushort flags, out uint sequence, out ReadOnlySpan<byte> body))
            {
                if (sequence != _sequence)
                {
                    continue;
                }

                if (type is MessageError or MessageDone)
                {
                    return Conclude(body, flags, what, tolerated);
                }

                take?.Invoke(type, body);
            }
        }
    }

    /// <summary>Takes the first message off <paramref name="rest"/>.</summary>
    internal static bool TryNext(
        ref ReadOnlySpan<byte> rest, out ushort type, out ushort flags, out uint sequence, out ReadOnlySpan<byte> body)
    {
        type = flags = 0;
        sequence = 0;
        body = default;
        int length = rest.Length >= NetlinkMessage.HeaderSize ? BinaryPrimitives.ReadInt32LittleEndian(rest) : 0;
        if (length < NetlinkMessage.HeaderSize || length > rest.Length)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
        flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]);
        body = rest[NetlinkMessage.HeaderSize..length];
        rest = rest[Math.Min(NetlinkMessage.Align(length), rest.Length)..];
        return true;
    }

    public void Dispose() => Descriptor.Dispose();

    private unsafe void Send(ReadOnlySpan<byte> message, string what)
    {
        fixed (byte* start = message)
        {
            if (Xdp.XdpNative.SendTo(Descriptor.Number, start, (nuint)message.Length, 0, null, 0) != message.Length)
            {
                throw LinuxException.Last(what);
            }
        }
    }

    // struct nlmsgerr: the error number, negative or 0, then the request (its header only, when capped), then
    // attributes.
    private static int Conclude(ReadOnlySpan<byte> body, ushort flags, string what, int tolerated)
    {
        int error = body.Length >= sizeof(int) ? -BinaryPrimitives.ReadInt32LittleEndian(body) : 0;
        return error == 0 || error == tolerated ? error : throw new LinuxException(what, error, Text(body, flags));
    }

    private static string? Text(ReadOnlySpan<byte> body, ushort flags)
    {
        if ((flags & ExtendedFlag) == 0 || body.Length < sizeof(int) + NetlinkMessage.HeaderSize)
        {
            return null;
        }

        int request = (flags & CappedFlag) != 0
            ? NetlinkMessage.HeaderSize
            : NetlinkMessage.Align(BinaryPrimitives.ReadInt32LittleEndian(body[sizeof(int)..]));
        var attributes = new NetlinkAttributes(body[Math.Clamp(sizeof(int) + request, 0, body.Length)..]);
        while (attributes.MoveNext())
        {
            if (attributes.Type == ErrorText)
            {
                return $"the kernel says: {attributes.Text}";
            }
        }

        return null;
    }

    internal delegate void MessageTaker(ushort type, ReadOnlySpan<byte> body);
}
