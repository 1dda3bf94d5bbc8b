namespace Ptnetmap.Cli.Reports;

/// <summary>A port of <see cref="GuestListReport"/>.</summary>
internal sealed record GuestPortLine(
    int Port, string Pci, string? Driver, string Mac, int Region, int TxRings, int RxRings, int TxSlots, int RxSlots,
    string Bar0, bool CsbBar);
