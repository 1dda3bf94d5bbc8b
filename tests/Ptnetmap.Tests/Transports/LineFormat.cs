using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Transports;

/// <summary>Messages that are lines of text: nothing says beforehand how long one is.</summary>
internal sealed class LineFormat : MessageFormat
{
    public override int MaxMessage => 64;

    public override int MaxDescriptors => 2;

    public override int SizeOf(ReadOnlySpan<byte> start)
    {
        int end = start.IndexOf((byte)'\n');
        return end >= 0 && end < MaxMessage ? end + 1 : start.Length < MaxMessage ? 0 : -1;
    }

    public override string Fault(ReadOnlySpan<byte> start) => $"a line of more than {MaxMessage} bytes";
}
