using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>A file that a capture is written to.</summary>
/// <param name="file">It, which is closed with this.</param>
/// <param name="claim">Given back when it is closed.</param>
internal sealed class CaptureOutput(RegularFile file, IDisposable claim) : ICaptureOutput
{
    public int Write(ReadOnlySpan<byte> bytes, long offset, out IOException? failure)
    {
        int written = file.Write(bytes, offset, out LinuxException? refused);
        failure = refused;
        return written;
    }

    public void Truncate(long length) => file.Truncate(length);

    public void Abandon() => file.RemoveUnused();

    public void Dispose()
    {
        file.Dispose();
        claim.Dispose();
    }
}
