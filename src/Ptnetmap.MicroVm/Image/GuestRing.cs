namespace Ptnetmap.MicroVm.Image;

/// <summary>One ring of a guest: where the guest finds it.</summary>
/// <param name="Entry">Address of its entry in the guest's ring table.</param>
/// <param name="Port">Which port of the machine.</param>
/// <param name="Direction">Transmit or receive.</param>
/// <param name="Id">Which ring of that direction.</param>
/// <param name="BufferSize">Bytes of a buffer.</param>
/// <param name="Region">Address of the region that it is in.</param>
internal sealed record GuestRing(
    ulong Entry, int Port, RingDirection Direction, int Id, uint BufferSize, ulong Region);
