namespace Ptnetmap.Nic.Pcap;

/// <summary>Classic pcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of 16 bytes and a frame each. Either
/// byte order, times in micro- or nanoseconds.
/// <code>
/// header: | magic 4 | version 2 + 2 | 8 bytes of zero | snap length 4 | link type 4 |
/// record: | seconds 4 | fraction 4 | captured length 4 | length on the wire 4 | frame
/// </code></summary>
internal sealed class PcapReader : CaptureReader
{
    private const uint Microseconds = 0xA1B2_C3D4;
    private const uint NanosecondsMagic = 0xA1B2_3C4D;
    private const int HeaderSize = 24;
    private const int RecordSize = 16;
    private const int LinkTypeMask = 0x0FFF_FFFF;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly int _nanosecondsPerUnit;

    internal PcapReader(CaptureBytes bytes, uint magic) : base(bytes)
    {
        uint swapped = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(magic);
        bytes.IsBigEndian = swapped is Microseconds or NanosecondsMagic;
        uint kind = bytes.IsBigEndian ? swapped : magic;
        _nanosecondsPerUnit = kind switch
        {
            Microseconds => 1000,
            NanosecondsMagic => 1,
            _ => throw bytes.Fault(0, $"the first four bytes are 0x{magic:x8}; a pcap file begins with 0xa1b2c3d4 or " +
                "0xa1b23c4d in either byte order, a pcapng file with 0x0a0d0d0a"),
        };
        Span<byte> rest = stackalloc byte[HeaderSize - 4];
        bytes.Read(rest, "the file's header");
        if (bytes.Half(rest, 0) != 2)
        {
            throw bytes.Fault(4, $"version {bytes.Half(rest, 0)}.{bytes.Half(rest, 2)}; 2.4 is known");
        }

        RequireEthernet((int)(bytes.Word(rest, 16) & LinkTypeMask), 20);
    }

    /// <inheritdoc/>
    public override bool TryRead()
    {
        Span<byte> record = stackalloc byte[RecordSize];
        long offset = Bytes.Offset;
        if (!Bytes.TryRead(record, "a record's header"))
        {
            return false;
        }

        long fraction = (long)Bytes.Word(record, 4) * _nanosecondsPerUnit;
        if (fraction >= NanosecondsPerSecond)
        {
            throw Bytes.Fault(offset + 4, $"a fraction of a second of {fraction} nanoseconds: no record begins here");
        }

        Nanoseconds = (Bytes.Word(record, 0) * NanosecondsPerSecond) + fraction;
        TakeFrame(Bytes.Word(record, 8), offset + 8);
        return true;
    }

    /// <inheritdoc/>
    public override void Rewind() => Bytes.Seek(HeaderSize);
}
