using System.Buffers.Binary;

namespace Ptnetmap.Linux.Pci;

/// <summary>Interrupts of a device bound to a UIO driver (<c>/dev/uioN</c>).</summary>
public sealed class UioDevice : IDisposable
{
    private const int CountSize = sizeof(uint);

    private UioDevice(FileDescriptor file) => Descriptor = file;

    /// <summary>Readable when an interrupt came.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Opens the device.</summary>
    /// <exception cref="LinuxException">It is not there, or may not be opened.</exception>
    public static UioDevice Open(string path) =>
        new(FileDescriptor.Open(path, nonBlocking: true, "be root"));

    /// <summary>Takes the count of interrupts so far; false when none came since the last time.</summary>
    public unsafe bool TryConsume(out uint count)
    {
        Span<byte> bytes = stackalloc byte[CountSize];
        fixed (byte* start = bytes)
        {
            bool came = Libc.Read(Descriptor.Number, start, CountSize) == CountSize;
            count = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            return came;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
