using System.Numerics;
using System.Runtime.InteropServices;

namespace Ptnetmap.Ports.Offloads;

/// <summary>Completes checksums that a sender's kernel has left to its device, in frames that never saw one: those of a
/// veth, say. Such a frame (<c>CHECKSUM_PARTIAL</c>) has in its TCP or UDP checksum the sum of the pseudo header alone,
/// and 0 as SCTP's CRC; who takes it out of the kernel by XDP is not told. A wrong checksum that says something else is
/// not of that kind: it is counted, and left for the receiver to refuse.
/// <para>One thread at a time; counters may be read by others. The frame may be another's to write to meanwhile: what
/// is said in it is read once, and bounds hold whatever it says.</para></summary>
public sealed class ReceivedChecksums
{
    private long _completed;
    private long _wrong;

    /// <summary>Frames whose checksum was completed.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Frames with a wrong checksum.</summary>
    public long Wrong => Volatile.Read(ref _wrong);

    /// <summary>Looks at a frame, and completes its checksum if that was left undone.</summary>
    public void Look(Span<byte> frame)
    {
        if (!ReceivedTransport.TryFind(frame, out ReceivedTransport found))
        {
            return;
        }

        Span<byte> transport = frame.Slice(found.Start, found.Length);
        if (found.IsSctp)
        {
            LookAtSctp(transport);
        }
        else
        {
            LookAtSum(transport, found);
        }
    }

    // Checksums are numbers as InternetChecksum has them, in the machine's order.
    private void LookAtSum(Span<byte> transport, ReceivedTransport found)
    {
        Span<byte> field = transport.Slice(found.Field, sizeof(ushort));
        ushort stored = MemoryMarshal.Read<ushort>(field);
        ulong sum = InternetChecksum.Add(0, transport);
        if ((stored == 0 && found.IsUdp) || InternetChecksum.Finish(sum + found.PseudoSum) == 0)
        {
            return;
        }

        if (stored == (ushort)~InternetChecksum.Finish(found.PseudoSum))
        {
            // 0 says to UDP that there is none; its complement is the same number.
            ushort checksum = InternetChecksum.Finish(sum);
            InternetChecksum.Store(field, checksum == 0 ? ushort.MaxValue : checksum);
            _completed++;
        }
        else
        {
            _wrong++;
        }
    }

    // RFC 9260, appendix A: CRC32c over the packet with 0 in the field, least significant byte first.
    private void LookAtSctp(Span<byte> transport)
    {
        Span<byte> field = transport.Slice(ReceivedTransport.SctpChecksum, sizeof(uint));
        uint stored = MemoryMarshal.Read<uint>(field);
        uint crc = Crc(Crc(Crc(uint.MaxValue, transport[..ReceivedTransport.SctpChecksum]), [0, 0, 0, 0]),
            transport[(ReceivedTransport.SctpChecksum + sizeof(uint))..]);
        if (stored == ~crc)
        {
            return;
        }

        if (stored == 0)
        {
            MemoryMarshal.Write(field, ~crc);
            _completed++;
        }
        else
        {
            _wrong++;
        }
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}
