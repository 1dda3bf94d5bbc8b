namespace Ptnetmap.Ports.Offloads;

/// <summary>A frame whose header says that something is left to be done, as a plan that was checked against the frame:
/// where its headers end and how its payload is cut. The frame is a private copy; nobody else writes to it.</summary>
internal readonly ref struct OffloadedFrame
{
    private readonly Span<byte> _frame;
    private readonly TransportHeaders _headers;
    private readonly int _segmentSize;

    private OffloadedFrame(Span<byte> frame, TransportHeaders headers, int segmentSize)
    {
        _frame = frame;
        _headers = headers;
        _segmentSize = segmentSize;
        int payload = frame.Length - headers.Length;
        Frames = segmentSize == 0 ? 1 : Math.Max(1, (payload + segmentSize - 1) / segmentSize);
    }

    public int Frames { get; }

    /// <summary>Checks a header against its frame.</summary>
    /// <param name="frame">All of the frame, behind the header.</param>
    /// <param name="header">Its header.</param>
    /// <param name="offloaded">The plan. A frame that only lacks its checksum has it afterwards.</param>
    /// <returns>False when the header asks for what is not there, or for what is not done here.</returns>
    public static bool TryMake(Span<byte> frame, VnetHeader header, out OffloadedFrame offloaded)
    {
        offloaded = default;
        if (header.HeaderLength > frame.Length || (header.NeedsChecksum && !HoldsChecksum(frame, header)))
        {
            return false;
        }

        if (header.Type == SegmentationType.None)
        {
            if (header.ExplicitCongestion)
            {
                return false;
            }

            CompleteChecksum(frame, header);
            offloaded = new OffloadedFrame(frame, default, segmentSize: 0);
            return true;
        }

        if (!header.NeedsChecksum || header.SegmentSize == 0
            || !TransportHeaders.TryParse(frame, header, out TransportHeaders headers))
        {
            return false;
        }

        offloaded = new OffloadedFrame(frame, headers, header.SegmentSize);
        return headers.Admits(offloaded.LengthOf(0));
    }

    public int LengthOf(int index) => _headers.Length + Payload(index).Length;

    /// <summary>The payload of frame <paramref name="index"/>; all of the frame when it is not cut.</summary>
    public ReadOnlySpan<byte> Payload(int index)
    {
        ReadOnlySpan<byte> payload = _frame[_headers.Length..];
        return _segmentSize == 0
            ? payload
            : payload.Slice(index * _segmentSize, Math.Min(_segmentSize, payload.Length - (index * _segmentSize)));
    }

    /// <summary>The headers of frame <paramref name="index"/>, good until the next call; nothing when it is not
    /// cut.</summary>
    public ReadOnlySpan<byte> Headers(int index)
    {
        Span<byte> headers = _frame[.._headers.Length];
        if (_segmentSize != 0)
        {
            _headers.Write(headers, Payload(index), index, index * _segmentSize, isLast: index == Frames - 1);
        }

        return headers;
    }

    // No checksum is in the Ethernet header: where the frame goes has been decided by that.
    private static bool HoldsChecksum(ReadOnlySpan<byte> frame, VnetHeader header) =>
        header.ChecksumStart >= Ethernet.HeaderLength
        && header.ChecksumStart + header.ChecksumOffset + sizeof(ushort) <= frame.Length;

    // The field holds the sum of the pseudo header, put there by the sender.
    private static void CompleteChecksum(Span<byte> frame, VnetHeader header)
    {
        if (header.NeedsChecksum)
        {
            Span<byte> summed = frame[header.ChecksumStart..];
            ushort checksum = InternetChecksum.Finish(InternetChecksum.Add(0, summed));

            // To UDP 0 means "no checksum"; its complement is the same number, and says nothing else to TCP.
            InternetChecksum.Store(summed[header.ChecksumOffset..], checksum == 0 ? ushort.MaxValue : checksum);
        }
    }
}
