using System.Buffers.Binary;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>A capture file read from front to back in its own byte order, with the offset for messages. Allocates
/// nothing after it is made.</summary>
internal sealed class CaptureBytes(string path, Stream stream) : IDisposable
{
    private readonly byte[] _small = new byte[4096];

    /// <summary>The file's name, for messages.</summary>
    internal string Path => path;

    /// <summary>True when the file's numbers have their highest byte first.</summary>
    internal bool IsBigEndian { get; set; }

    /// <summary>Where the next byte is.</summary>
    internal long Offset { get; private set; }

    /// <summary>Goes to <paramref name="offset"/>.</summary>
    internal void Seek(long offset) => Offset = stream.Seek(offset, SeekOrigin.Begin);

    /// <summary>Fills <paramref name="target"/>.</summary>
    /// <returns>False at the file's end, when there is not one byte more.</returns>
    /// <exception cref="PcapException">The file ends in the middle.</exception>
    internal bool TryRead(Span<byte> target, string what)
    {
        int read = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
        if (read != target.Length && read != 0)
        {
            throw Fault(Offset, $"the file ends within {what}: {read} of {target.Length} bytes are there");
        }

        Offset += read;
        return read == target.Length;
    }

    /// <summary>Fills <paramref name="target"/>.</summary>
    /// <exception cref="PcapException">The file ends before or in the middle.</exception>
    internal void Read(Span<byte> target, string what)
    {
        if (target.Length != 0 && !TryRead(target, what))
        {
            throw Fault(Offset, $"the file ends before {what}");
        }
    }

    /// <summary>Leaves <paramref name="count"/> bytes out.</summary>
    /// <exception cref="PcapException">The file ends before.</exception>
    internal void Skip(long count, string what)
    {
        while (count > 0)
        {
            Span<byte> part = _small.AsSpan(0, (int)Math.Min(count, _small.Length));
            Read(part, what);
            count -= part.Length;
        }
    }

    /// <summary>A number of 32 bits at <paramref name="at"/> of <paramref name="bytes"/>.</summary>
    internal uint Word(ReadOnlySpan<byte> bytes, int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    /// <summary>A number of 16 bits.</summary>
    internal ushort Half(ReadOnlySpan<byte> bytes, int at) => IsBigEndian
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..])
        : BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <summary>A number of 64 bits with a sign.</summary>
    internal long SignedDouble(ReadOnlySpan<byte> bytes, int at) => IsBigEndian
        ? BinaryPrimitives.ReadInt64BigEndian(bytes[at..])
        : BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    /// <summary>Something is wrong at <paramref name="offset"/>.</summary>
    internal PcapException Fault(long offset, string reason) => new(path, offset, reason);

    public void Dispose() => stream.Dispose();
}
