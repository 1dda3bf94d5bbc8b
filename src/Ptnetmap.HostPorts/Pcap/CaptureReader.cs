using System.Buffers.Binary;
using System.Globalization;
using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Reads the frames of a capture file, classic pcap or pcapng, one after the other. What is whole is given:
/// where a file is cut off or damaged the frames end, and <see cref="Damage"/> says why.</summary>
public abstract class CaptureReader : IDisposable
{
    /// <summary>Longest frame that is read (libpcap's <c>MAXIMUM_SNAPLEN</c>).</summary>
    public const int MaxFrame = 262_144;

    /// <summary>The only link type that goes into rings: <c>LINKTYPE_ETHERNET</c>.</summary>
    protected const int Ethernet = 1;

    private const int BufferSize = 1 << 18;

    // The first four bytes of what a capture is usually packed with, the program, and what unpacks it.
    private static readonly (uint Magic, uint Mask, string Name, string Remedy)[] Packers =
    [
        (0x0000_8B1F, 0xFFFF, "gzip", "gunzip"), (0xFD2F_B528, uint.MaxValue, "zstd", "unzstd"),
        (0x184D_2204, uint.MaxValue, "lz4", "unlz4"), (0x587A_37FD, uint.MaxValue, "xz", "unxz"),
        (0x0068_5A42, 0xFF_FFFF, "bzip2", "bunzip2"),
    ];

    private readonly CaptureBytes _bytes;
    private readonly byte[] _frame = new byte[MaxFrame];
    private int _length;

    private protected CaptureReader(CaptureBytes bytes) => _bytes = bytes;

    /// <summary>The frame that was read last; good until the next call.</summary>
    public ReadOnlySpan<byte> Frame => _frame.AsSpan(0, _length);

    /// <summary>When it was captured, in nanoseconds since 1970; null while no frame has said so (simple packet blocks
    /// have no time of their own, and are as of the frame before).</summary>
    public Int128? Nanoseconds { get; private protected set; }

    /// <summary>Why the frames ended before the file's end, with the offset; null: they did not.</summary>
    public string? Damage { get; private set; }

    /// <summary>Frames since the beginning that do not go into rings, because they are not Ethernet's.</summary>
    public long LeftOut { get; private set; }

    /// <summary>The link type of the frame that was left out last.</summary>
    public int LeftOutType { get; private set; }

    private protected CaptureBytes Bytes => _bytes;

    /// <summary>Opens a file; which kind it is its first bytes say.</summary>
    /// <exception cref="PcapException">It is neither, or holds no Ethernet frames.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CaptureReader Open(string path) =>
        Open(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize));

    /// <summary>Reads a file that is open, from its beginning, and closes it with itself.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="file">The file; it can seek.</param>
    /// <exception cref="PcapException">It is no capture, or holds no Ethernet frames.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CaptureReader Open(string path, Stream file)
    {
        var bytes = new CaptureBytes(path, file);
        try
        {
            Span<byte> magic = stackalloc byte[4];
            if (!bytes.TryRead(magic, "the first four bytes, which say what kind of file it is"))
            {
                throw bytes.Fault(0, "the file is empty");
            }

            uint number = BinaryPrimitives.ReadUInt32LittleEndian(magic);
            RefusePacked(path, number);
            CaptureReader reader =
                number == PcapNgReader.SectionHeader ? new PcapNgReader(bytes) : new PcapReader(bytes, number);
            reader.Rewind();
            return reader;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next frame; false when there is none: the file ends, or <see cref="Damage"/> says what is
    /// wrong.</summary>
    public bool TryRead()
    {
        if (Damage is not null)
        {
            return false;
        }

        try
        {
            return TryReadNext();
        }
        catch (IOException damage)
        {
            Damage =
                damage is PcapException ? damage.Message : $"{_bytes.Path}: offset {_bytes.Offset}: {damage.Message}";
            return false;
        }
    }

    /// <summary>Refuses a file that has something in it, but not one frame for a port. Begins again.</summary>
    /// <exception cref="PcapException">It is damaged before its first frame, or all frames are of another
    /// kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void RefuseUseless()
    {
        if (!TryRead() && (Damage is not null || LeftOut != 0))
        {
            throw Damage is not null ? new PcapException(Damage) : _bytes.Fault(
                _bytes.Offset, $"{Quantity.Of(LeftOut, "frame")} of link type " +
                    $"{LeftOutType}; only Ethernet ({Ethernet}) goes into a port");
        }

        Rewind();
    }

    /// <summary>Begins again.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public void Rewind()
    {
        (Damage, Nanoseconds, LeftOut) = (null, null, 0);
        GoToFirst();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the next frame; false at the file's end.</summary>
    /// <exception cref="PcapException">The file is cut off or damaged here.</exception>
    private protected abstract bool TryReadNext();

    /// <summary>Goes to where the first frame can be.</summary>
    private protected abstract void GoToFirst();

    /// <summary>Reads a frame's bytes.</summary>
    private protected void TakeFrame(uint length, long recordOffset)
    {
        RefuseLong(length, recordOffset);
        _length = (int)length;
        _bytes.Read(_frame.AsSpan(0, _length), "a frame's bytes");
    }

    /// <summary>Refuses what no frame can have.</summary>
    private protected void RefuseLong(uint length, long recordOffset)
    {
        if (length > MaxFrame)
        {
            throw _bytes.Fault(recordOffset, $"a frame of {length} bytes; the most is {MaxFrame}");
        }
    }

    /// <summary>Counts a frame that is not Ethernet's.</summary>
    private protected void LeaveOut(int linkType)
    {
        LeftOut++;
        LeftOutType = linkType;
    }

    private static void RefusePacked(string path, uint magic)
    {
        foreach ((uint packed, uint mask, string name, string remedy) in Packers)
        {
            if ((magic & mask) == packed)
            {
                throw new PcapException(string.Create(
                    CultureInfo.InvariantCulture, $"{path} is compressed with {name}; {remedy} it first"));
            }
        }
    }
}
