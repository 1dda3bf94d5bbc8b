using System.Buffers.Binary;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>What the first four bytes of a capture say of it: those that libpcap (sf-pcap.c) and Wireshark
/// (wiretap/libpcap.c) read.</summary>
/// <param name="IsBigEndian">Its numbers have their highest byte first.</param>
/// <param name="NanosecondsPerUnit">What a fraction of a second is counted in.</param>
/// <param name="HeaderSize">Bytes before the first record.</param>
/// <param name="RecordSize">Bytes of a record before its frame.</param>
internal sealed record PcapKind(bool IsBigEndian, int NanosecondsPerUnit, int HeaderSize = PcapKind.UsualHeaderSize,
    int RecordSize = PcapKind.UsualRecordSize)
{
    private const uint Microseconds = 0xA1B2_C3D4;
    private const uint Nanoseconds = 0xA1B2_3C4D;
    private const uint Kuznetzov = 0xA1B2_CD34;

    // Ixia's "lcap", of its hardware and of its software: four bytes more in the file's header.
    private const uint IxiaHardware = 0x1C00_01AC;
    private const uint IxiaSoftware = 0x1C00_01AB;
    private const int UsualHeaderSize = 24;
    private const int UsualRecordSize = 16;
    private const int IxiaHeaderSize = 28;
    private const int KuznetzovSize = 24;

    // What is something else, by its first four bytes as they stand in the file, and what helps.
    private static readonly (uint Magic, string Name, string Remedy)[] Others =
    [
        (0xA12B_3C4D, "a capture of Navtel's kind",
            "neither libpcap nor Wireshark reads it; save it as pcap with what wrote it"),
        (0xA1B2_34CD, "a capture of Francisco Mesquita's kind",
            "neither libpcap nor Wireshark reads it; save it as pcap with what wrote it"),
        (0xA1B2_C3CB, "a filter's program (cbpf-savefile)", "it has no frames"),
        (0x736E_6F6F, "a capture of snoop's kind", Convert),
        (0x5254_5353, "a capture of Microsoft's Network Monitor", Convert),
        (0x474D_4255, "a capture of Microsoft's Network Monitor", Convert),
        (0x5452_534E, "a capture of the Sniffer's kind", Convert),
        (0x5843_5000, "a capture of the Sniffer for Windows", Convert),
    ];

    private const string Convert = "convert it with Wireshark's tools: editcap -F pcap IN OUT";

    /// <summary>It is the first kind that there was, which some systems wrote in ways of their own.</summary>
    internal bool IsUsual =>
        this is { NanosecondsPerUnit: 1000, HeaderSize: UsualHeaderSize, RecordSize: UsualRecordSize };

    /// <summary>Of the first four bytes, read with the lowest first; null when it is none of them.</summary>
    internal static PcapKind? Of(uint magic) =>
        Of(magic, isBigEndian: false) ?? Of(BinaryPrimitives.ReverseEndianness(magic), isBigEndian: true);

    /// <summary>What a file is that is none of them, for people.</summary>
    /// <param name="magic">Its first four bytes, read with the lowest first.</param>
    internal static string Explain(uint magic)
    {
        uint swapped = BinaryPrimitives.ReverseEndianness(magic);
        foreach ((uint other, string name, string remedy) in Others)
        {
            if (other == magic || other == swapped)
            {
                return $"it is {name}; {remedy}";
            }
        }

        return "the first four bytes are " +
            $"0x{magic:x8}; a pcap file begins with 0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34, 0x1c0001ac or " +
            "0x1c0001ab in either byte order, a pcapng file with 0x0a0d0d0a";
    }

    private static PcapKind? Of(uint magic, bool isBigEndian) => magic switch
    {
        Microseconds => new PcapKind(isBigEndian, 1000),
        Nanoseconds => new PcapKind(isBigEndian, 1),
        Kuznetzov => new PcapKind(isBigEndian, 1000, RecordSize: KuznetzovSize),
        IxiaHardware => new PcapKind(isBigEndian, 1, IxiaHeaderSize),
        IxiaSoftware => new PcapKind(isBigEndian, 1000, IxiaHeaderSize),
        _ => null,
    };
}
