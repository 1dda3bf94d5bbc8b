using System.Buffers.Binary;

namespace Ptnetmap.Nic.Pcap;

/// <summary>Reads the frames of a capture file, classic pcap or pcapng, one after the other.</summary>
public abstract class CaptureReader : IDisposable
{
    /// <summary>Longest frame that is read (libpcap's <c>MAXIMUM_SNAPLEN</c>).</summary>
    public const int MaxFrame = 262_144;

    /// <summary>The only link type that goes into rings: <c>LINKTYPE_ETHERNET</c>.</summary>
    protected const int Ethernet = 1;

    private const int BufferSize = 1 << 18;

    private readonly CaptureBytes _bytes;
    private readonly byte[] _frame = new byte[MaxFrame];
    private int _length;

    private protected CaptureReader(CaptureBytes bytes) => _bytes = bytes;

    /// <summary>The frame that was read last; good until the next call.</summary>
    public ReadOnlySpan<byte> Frame => _frame.AsSpan(0, _length);

    /// <summary>When it was captured, in nanoseconds since 1970.</summary>
    public long Nanoseconds { get; private protected set; }

    private protected CaptureBytes Bytes => _bytes;

    /// <summary>Opens a file; which kind it is its first bytes say.</summary>
    /// <exception cref="PcapException">It is neither, or holds no Ethernet frames.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CaptureReader Open(string path)
    {
        var bytes = new CaptureBytes(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferSize));
        try
        {
            Span<byte> magic = stackalloc byte[4];
            if (!bytes.TryRead(magic, "the first four bytes, which say what kind of file it is"))
            {
                throw bytes.Fault(0, "the file is empty");
            }

            uint number = BinaryPrimitives.ReadUInt32LittleEndian(magic);
            CaptureReader reader = number == PcapNgReader.SectionHeader ? new PcapNgReader(bytes) : new PcapReader(bytes, number);
            reader.Rewind();
            return reader;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Reads a whole file once.</summary>
    /// <returns>Frames in it.</returns>
    /// <exception cref="PcapException">It is damaged; the message says where.</exception>
    public static long Check(string path)
    {
        using CaptureReader reader = Open(path);
        long frames = 0;
        while (reader.TryRead())
        {
            frames++;
        }

        return frames;
    }

    /// <summary>Reads the next frame; false when there is none.</summary>
    /// <exception cref="PcapException">The file is damaged here.</exception>
    public abstract bool TryRead();

    /// <summary>Begins again.</summary>
    public abstract void Rewind();

    /// <inheritdoc/>
    public void Dispose()
    {
        _bytes.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a frame's bytes.</summary>
    private protected void TakeFrame(uint length, long recordOffset)
    {
        if (length > MaxFrame)
        {
            throw _bytes.Fault(recordOffset, $"a frame of {length} bytes; the most is {MaxFrame}");
        }

        _length = (int)length;
        _bytes.Read(_frame.AsSpan(0, _length), "a frame's bytes");
    }

    private protected void RequireEthernet(int linkType, long offset)
    {
        if (linkType != Ethernet)
        {
            throw _bytes.Fault(offset, $"link type {linkType}; only Ethernet ({Ethernet}) goes into a port");
        }
    }
}
