namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Classic pcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of 16 bytes and a frame each.
/// Either byte order, times in micro- or nanoseconds; also the records of 24 bytes that the libpcap of old Linux
/// distributions wrote (Kuznetzov's), and what DG/UX, AIX and Ixia's testers write. What libpcap puts right when it
/// reads a file is put right here, so that the frames are tcpdump's.
/// <code>
/// header: | magic 4 | version 2 + 2 | 8 bytes of zero | snap length 4 | checksum's bytes / 2 and a flag 1, zero 1,
/// link type 2 | record: | seconds 4 | fraction 4 | captured length 4 | length on the wire 4 | Kuznetzov's 8 | frame
/// </code></summary>
internal sealed class PcapReader : CaptureReader
{
    private const int HeaderSize = 24;
    private const ushort Major = 2;

    // What DG/UX's tcpdump writes; its lengths are the other way round, as before 2.3.
    private const ushort DataGeneralMajor = 543;
    private const int OldMinor = 2;
    private const int MinorInOrder = 4;
    private const uint LinkTypeMask = 0xFFFF;

    // AIX counts nanoseconds, and has the number that SNMP has for Ethernet (RFC 1573).
    private const uint AixEthernet = 6;

    // Between the link type and the flags that say how long Ethernet's checksum is at the end of each frame.
    private const uint ReservedMask = 0x03FF_0000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly PcapKind _kind;
    private readonly int _nanosecondsPerUnit;
    private readonly int _minor;
    private readonly uint _snapLength;

    internal PcapReader(CaptureBytes bytes, uint magic) : base(bytes)
    {
        _kind = PcapKind.Of(magic) ?? throw bytes.Fault(0, PcapKind.Explain(magic));
        bytes.IsBigEndian = _kind.IsBigEndian;
        Span<byte> rest = stackalloc byte[HeaderSize - 4];
        bytes.Read(rest, "the file's header");
        _minor = MinorOf(bytes.Half(rest, 0), bytes.Half(rest, 2));
        uint snapLength = bytes.Word(rest, 12);
        _snapLength = snapLength is 0 or > int.MaxValue ? MaxFrame : snapLength;
        uint linkType = bytes.Word(rest, 16);
        bool isAix = _kind.IsUsual && (_minor, linkType) == (OldMinor, AixEthernet);
        _nanosecondsPerUnit = isAix ? 1 : _kind.NanosecondsPerUnit;
        RefuseOtherLinks(isAix ? Ethernet : linkType);
    }

    /// <inheritdoc/>
    private protected override bool TryReadNext()
    {
        Span<byte> record = stackalloc byte[_kind.RecordSize];
        long offset = Bytes.Offset;
        if (!Bytes.TryRead(record, "a record's header"))
        {
            return false;
        }

        // Microseconds beyond a second are seconds, as in libpcap: tools that shift times write them.
        long fraction = (long)Bytes.Word(record, 4) * _nanosecondsPerUnit;
        if (_nanosecondsPerUnit == 1 && fraction >= NanosecondsPerSecond)
        {
            throw Bytes.Fault(offset + 4, $"a fraction of a second of {fraction} nanoseconds: no record begins here");
        }

        Nanoseconds = (Bytes.Word(record, 0) * NanosecondsPerSecond) + fraction;
        uint captured = CapturedLength(Bytes.Word(record, 8), Bytes.Word(record, 12));
        RefuseLong(captured, offset + 8);

        // Some writers kept more than they say that they would.
        uint taken = Math.Min(captured, _snapLength);
        TakeFrame(taken, offset + 8);
        Bytes.Skip(captured - taken, "the rest of a frame");
        return true;
    }

    /// <inheritdoc/>
    private protected override void GoToFirst() => Bytes.Seek(_kind.HeaderSize);

    // Up to version 2.2 the two lengths are the other way round, in 2.3 perhaps; a part is never longer than the whole.
    private uint CapturedLength(uint first, uint second) => _minor switch
    {
        >= MinorInOrder => first,
        MinorInOrder - 1 => Math.Min(first, second),
        _ => second,
    };

    private int MinorOf(ushort major, ushort minor) => (major, minor) switch
    {
        (Major, _) => minor,
        (DataGeneralMajor, 0) => OldMinor,
        _ => throw Bytes.Fault(4, $"version {major}.{minor}; 2.0 to 2.4 and 543.0 are known"),
    };

    private void RefuseOtherLinks(uint word)
    {
        if ((word & ReservedMask) != 0)
        {
            throw Bytes.Fault(20, $"a link type of 0x{word:x8}, in which bits 16 to 25 have no meaning yet");
        }

        if ((word & LinkTypeMask) != Ethernet)
        {
            throw Bytes.Fault(20, $"link type {word & LinkTypeMask}; only Ethernet ({Ethernet}) goes into a port");
        }
    }
}
