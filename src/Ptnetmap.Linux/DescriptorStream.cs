namespace Ptnetmap.Linux;

/// <summary>Writes to a descriptor, where its file's position is. The runtime's own stream of a console would switch
/// the terminal's keypad into application mode before it writes, and leave it so.</summary>
/// <param name="number">The descriptor; stays open.</param>
internal sealed class DescriptorStream(int number) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => StandardDescriptors.Write(number, buffer);

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
