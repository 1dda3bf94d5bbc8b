namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Where a capture is written.</summary>
internal interface ICaptureOutput : IDisposable
{
    /// <summary>Writes as much of <paramref name="bytes"/> at <paramref name="offset"/> as is taken.</summary>
    /// <param name="bytes">What to write.</param>
    /// <param name="offset">Where.</param>
    /// <param name="failure">Why the rest was not taken; null: all was.</param>
    /// <returns>Bytes that are written.</returns>
    public int Write(ReadOnlySpan<byte> bytes, long offset, out IOException? failure);

    /// <summary>Nothing was or will be written: what opening it has made is removed. Closed by <c>Dispose</c>
    /// still.</summary>
    public void Abandon();

    /// <summary>Cuts it off after <paramref name="length"/> bytes.</summary>
    /// <exception cref="IOException">It cannot be cut.</exception>
    public void Truncate(long length);
}
