namespace Ptnetmap.HostPorts.Pcap;

/// <summary>pcapng (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body, and the length again. Section
/// headers, interface descriptions, and enhanced, simple and obsolete packet blocks are read, all others left out.
/// Interfaces may be of several kinds, with different units of time; frames of those that are not Ethernet are left out
/// and counted.</summary>
internal sealed class PcapNgReader : CaptureReader
{
    /// <summary>First four bytes of a file, the same in either byte order.</summary>
    internal const uint SectionHeader = 0x0A0D_0D0A;

    private const uint ByteOrderMagic = 0x1A2B_3C4D;
    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const int HeadSize = 8;
    private const int TrailerSize = 4;
    private const int MinBlock = HeadSize + TrailerSize;

    // libpcap's limit: that of secrets and names, which are left out; frames have their own.
    private const int MaxBlock = 16 << 20;
    private const int MaxInterfaces = 65_536;
    private const int EndOption = 0;
    private const int ResolutionOption = 9;
    private const int OffsetOption = 14;
    private const byte Microseconds = 6;

    // Of the section.
    private readonly List<CaptureInterface> _interfaces = [];

    internal PcapNgReader(CaptureBytes bytes) : base(bytes)
    {
        // Whether it is one at all.
        bytes.Seek(0);
        Span<byte> head = stackalloc byte[HeadSize];
        bytes.Read(head, "a section's header");
        StartSection(0);
    }

    /// <inheritdoc/>
    private protected override bool TryReadNext()
    {
        Span<byte> head = stackalloc byte[HeadSize];
        while (true)
        {
            long offset = Bytes.Offset;
            if (!Bytes.TryRead(head, "a block's header"))
            {
                return false;
            }

            uint type = Bytes.Word(head, 0);
            if (type == SectionHeader)
            {
                StartSection(offset);
            }

            uint length = Bytes.Word(head, 4);
            if (length is < MinBlock or > MaxBlock || length % 4 != 0)
            {
                throw Bytes.Fault(offset + 4,
                    $"a block of {length} bytes; {MinBlock} to {MaxBlock}, in fours, are possible");
            }

            long end = offset + length - TrailerSize;
            bool isFrame = ReadBody(type, offset, end);
            Bytes.Skip(end - Bytes.Offset, "the rest of a block");
            ReadTrailer(offset, length);
            if (isFrame)
            {
                return true;
            }
        }
    }

    /// <inheritdoc/>
    private protected override void GoToFirst()
    {
        _interfaces.Clear();
        Bytes.Seek(0);
    }

    private void StartSection(long offset)
    {
        Span<byte> start = stackalloc byte[8];
        Bytes.Read(start, "a section's byte order and version");
        Bytes.IsBigEndian = false;
        if (Bytes.Word(start, 0) != ByteOrderMagic)
        {
            Bytes.IsBigEndian = true;
            if (Bytes.Word(start, 0) != ByteOrderMagic)
            {
                throw Bytes.Fault(offset + HeadSize, "a section begins here, but its byte order is not told");
            }
        }

        if (Bytes.Half(start, 4) != 1)
        {
            throw Bytes.Fault(offset + 12,
                $"a section of version {Bytes.Half(start, 4)}.{Bytes.Half(start, 6)}; 1.0 is known");
        }

        _interfaces.Clear();
    }

    private bool ReadBody(uint type, long offset, long end)
    {
        switch (type)
        {
            case InterfaceDescription:
                ReadInterface(offset, end);
                return false;
            case EnhancedPacket:
                return TryReadPacket(offset, end, isObsolete: false);
            case ObsoletePacket:
                return TryReadPacket(offset, end, isObsolete: true);
            case SimplePacket:
                return TryReadSimple(offset, end);
            default:
                return false;
        }
    }

    private void ReadInterface(long offset, long end)
    {
        Span<byte> fixedPart = stackalloc byte[8];
        ReadFixed(fixedPart, offset, end, "an interface's description");
        if (_interfaces.Count == MaxInterfaces)
        {
            throw Bytes.Fault(offset, $"more than {MaxInterfaces} interfaces in a section");
        }

        _interfaces.Add(new CaptureInterface(Bytes.Half(fixedPart, 0), Bytes.Word(fixedPart, 4), ReadClock(end)));
    }

    // The block's rest is left out by the caller.
    private CaptureClock ReadClock(long end)
    {
        Span<byte> option = stackalloc byte[4];
        Span<byte> value = stackalloc byte[8];
        (byte resolution, long start) = (Microseconds, 0);
        while (Bytes.Offset + option.Length <= end)
        {
            Bytes.Read(option, "an interface's options");
            int code = Bytes.Half(option, 0);
            int length = Bytes.Half(option, 2);
            int padded = (length + 3) & ~3;
            if (code == EndOption || Bytes.Offset + padded > end)
            {
                break;
            }

            if ((code, length) is (ResolutionOption, 1) or (OffsetOption, 8))
            {
                Bytes.Read(value[..padded], "an interface's options");
                (resolution, start) =
                    code == ResolutionOption ? (value[0], start) : (resolution, Bytes.SignedDouble(value, 0));
            }
            else
            {
                Bytes.Skip(padded, "an interface's options");
            }
        }

        return new CaptureClock(resolution, start);
    }

    // The obsolete kind has an interface's number of 16 bits and 16 bits of drops where the enhanced kind has 32 bits.
    private bool TryReadPacket(long offset, long end, bool isObsolete)
    {
        Span<byte> fixedPart = stackalloc byte[20];
        ReadFixed(fixedPart, offset, end, "a packet block");
        CaptureInterface from = InterfaceOf(isObsolete ? Bytes.Half(fixedPart, 0) : Bytes.Word(fixedPart, 0), offset);
        uint length = Bytes.Word(fixedPart, 12);
        if (length > end - Bytes.Offset)
        {
            throw Bytes.Fault(offset + 20,
                $"a frame of {length} bytes in a block that has {end - Bytes.Offset} for it");
        }

        if (from.LinkType != Ethernet)
        {
            LeaveOut(from.LinkType);
            return false;
        }

        ulong time = ((ulong)Bytes.Word(fixedPart, 4) << 32) | Bytes.Word(fixedPart, 8);
        Nanoseconds = from.Clock.Nanoseconds(time);
        TakeFrame(length, offset + 20);
        return true;
    }

    // It has no time: all of them are as of the packet before. Its length is that on the wire; how much of it is here
    // follows from the interface's limit, and from the block's own length, for there are writers that say no limit and
    // keep less.
    private bool TryReadSimple(long offset, long end)
    {
        Span<byte> length = stackalloc byte[4];
        ReadFixed(length, offset, end, "a packet block");
        CaptureInterface from = InterfaceOf(0, offset);
        if (from.LinkType != Ethernet)
        {
            LeaveOut(from.LinkType);
            return false;
        }

        uint most = from.SnapLength == 0 ? uint.MaxValue : from.SnapLength;
        TakeFrame((uint)Math.Min(Math.Min(Bytes.Word(length, 0), most), end - Bytes.Offset), offset + 8);
        return true;
    }

    private CaptureInterface InterfaceOf(uint number, long offset) => number < (uint)_interfaces.Count
        ? _interfaces[(int)number]
        : throw Bytes.Fault(offset + 8,
            $"a packet of interface {number}, of which there are {_interfaces.Count} so far");

    private void ReadFixed(Span<byte> target, long offset, long end, string what)
    {
        if (target.Length > end - Bytes.Offset)
        {
            throw Bytes.Fault(offset + 4, $"a block of {end + TrailerSize - offset} bytes is too short for {what}");
        }

        Bytes.Read(target, what);
    }

    private void ReadTrailer(long offset, uint length)
    {
        Span<byte> trailer = stackalloc byte[TrailerSize];
        long at = Bytes.Offset;
        Bytes.Read(trailer, "a block's second length");
        if (at != offset + length - TrailerSize || Bytes.Word(trailer, 0) != length)
        {
            throw Bytes.Fault(offset, $"a block of {length} bytes whose end says otherwise");
        }
    }
}
