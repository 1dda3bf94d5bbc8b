namespace Ptnetmap.Cli.Reports;

/// <summary>A region of <see cref="GuestListReport"/>.</summary>
internal sealed record GuestRegionLine(int Region, string Pci, long Bytes, long BarBytes, long Buffers,
    long BufferSize);
