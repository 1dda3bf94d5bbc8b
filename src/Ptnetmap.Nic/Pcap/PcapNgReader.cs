namespace Ptnetmap.Nic.Pcap;

/// <summary>pcapng (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body, and the length again. Section headers,
/// interface descriptions, and enhanced and simple packet blocks are read, all others left out. Times are taken as
/// microseconds or as nanoseconds, as the interface says.</summary>
internal sealed class PcapNgReader : CaptureReader
{
    /// <summary>First four bytes of a file, the same in either byte order.</summary>
    internal const uint SectionHeader = 0x0A0D_0D0A;

    private const uint ByteOrderMagic = 0x1A2B_3C4D;
    private const uint InterfaceDescription = 1;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const int MinBlock = 12;
    private const int MaxBlock = MaxFrame + 65_536;
    private const int ResolutionOption = 9;
    private const int NanosecondResolution = 9;
    private const int NanosecondsPerMicrosecond = 1000;

    // Of each interface of the section: nanoseconds of a unit of time. More are taken to be as the last.
    private readonly long[] _units = new long[256];
    private int _interfaces;

    internal PcapNgReader(CaptureBytes bytes) : base(bytes)
    {
        // The first section says what is to be known before a frame; looking also finds out whether it is one at all.
        bytes.Seek(0);
        _ = TryRead();
    }

    /// <inheritdoc/>
    public override bool TryRead()
    {
        Span<byte> head = stackalloc byte[8];
        while (true)
        {
            long offset = Bytes.Offset;
            if (!Bytes.TryRead(head, "a block's header"))
            {
                return false;
            }

            if (Bytes.Word(head, 0) == SectionHeader)
            {
                ReadByteOrder(offset);
            }

            uint length = Bytes.Word(head, 4);
            if (length is < MinBlock or > MaxBlock || length % 4 != 0)
            {
                throw Bytes.Fault(offset + 4, $"a block of {length} bytes; {MinBlock} to {MaxBlock}, in fours, are possible");
            }

            bool isFrame = ReadBody(Bytes.Word(head, 0), offset, offset + length - 4);
            Bytes.Skip(offset + length - 4 - Bytes.Offset, "the rest of a block");
            ReadTrailer(offset, length);
            if (isFrame)
            {
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public override void Rewind()
    {
        _interfaces = 0;
        Bytes.Seek(0);
    }

    private void ReadByteOrder(long offset)
    {
        Span<byte> magic = stackalloc byte[4];
        Bytes.Read(magic, "a section's byte order");
        Bytes.IsBigEndian = false;
        if (Bytes.Word(magic, 0) != ByteOrderMagic)
        {
            Bytes.IsBigEndian = true;
            if (Bytes.Word(magic, 0) != ByteOrderMagic)
            {
                throw Bytes.Fault(offset + 8, "a section begins here, but its byte order is not told");
            }
        }

        _interfaces = 0;
    }

    private bool ReadBody(uint type, long offset, long end)
    {
        switch (type)
        {
            case InterfaceDescription:
                ReadInterface(offset, end);
                return false;
            case EnhancedPacket:
                ReadEnhanced(offset);
                return true;
            case SimplePacket:
                ReadSimple(offset);
                return true;
            default:
                return false;
        }
    }

    private void ReadInterface(long offset, long end)
    {
        Span<byte> fixedPart = stackalloc byte[8];
        Bytes.Read(fixedPart, "an interface's description");
        RequireEthernet(Bytes.Half(fixedPart, 0), offset + 8);
        long unit = ReadResolution(end);
        _units[Math.Min(_interfaces++, _units.Length - 1)] = unit;
    }

    // Options are read up to the one that is looked for; the block's rest is left out by the caller.
    private long ReadResolution(long end)
    {
        Span<byte> option = stackalloc byte[4];
        while (Bytes.Offset + (2 * option.Length) <= end)
        {
            Bytes.Read(option, "an interface's options");
            int code = Bytes.Half(option, 0);
            int length = Bytes.Half(option, 2);
            if (code == ResolutionOption && length == 1)
            {
                Bytes.Read(option, "a resolution");
                return option[0] == NanosecondResolution ? 1 : NanosecondsPerMicrosecond;
            }

            Bytes.Skip(Math.Min((length + 3) & ~3, end - Bytes.Offset), "an interface's options");
        }

        return NanosecondsPerMicrosecond;
    }

    private void ReadEnhanced(long offset)
    {
        Span<byte> fixedPart = stackalloc byte[20];
        Bytes.Read(fixedPart, "a packet block");
        uint number = Bytes.Word(fixedPart, 0);
        if (number >= (uint)_interfaces)
        {
            throw Bytes.Fault(offset + 8, $"a packet of interface {number}, of which there are {_interfaces} so far");
        }

        ulong time = ((ulong)Bytes.Word(fixedPart, 4) << 32) | Bytes.Word(fixedPart, 8);
        Nanoseconds = (long)time * _units[Math.Min(number, (uint)_units.Length - 1)];
        TakeFrame(Bytes.Word(fixedPart, 12), offset + 20);
    }

    // It has no time: all of them are as of the packet before.
    private void ReadSimple(long offset)
    {
        Span<byte> length = stackalloc byte[4];
        Bytes.Read(length, "a packet block");
        TakeFrame(Bytes.Word(length, 0), offset + 8);
    }

    private void ReadTrailer(long offset, uint length)
    {
        Span<byte> trailer = stackalloc byte[4];
        long at = Bytes.Offset;
        Bytes.Read(trailer, "a block's second length");
        if (at != offset + length - 4 || Bytes.Word(trailer, 0) != length)
        {
            throw Bytes.Fault(offset, $"a block of {length} bytes whose end says otherwise");
        }
    }
}
