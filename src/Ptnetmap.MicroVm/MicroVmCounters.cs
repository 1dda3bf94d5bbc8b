namespace Ptnetmap.MicroVm;

/// <summary>What a guest has counted so far. Each number is whole; they may be of slightly different moments.</summary>
/// <param name="Packets">Packets sent (sender), received (receiver) or passed on (echo, forwarder), round trips
/// (ping).</param>
/// <param name="Bytes">Their bytes, without Ethernet's checksum.</param>
/// <param name="Batches">Publications: moves of <c>head</c>.</param>
/// <param name="Kicks">Kicks sent to the host.</param>
/// <param name="Waits">Times that it found nothing to do and began to spin.</param>
/// <param name="Sleeps">Times that it asked for an interrupt and slept.</param>
/// <param name="Lost">Sequence numbers left out and not seen since (verifying receiver), replies that never came
/// (ping).</param>
/// <param name="Duplicated">Sequence numbers seen again, or so late (more than 64 numbers) that nobody
/// remembers.</param>
/// <param name="Reordered">Sequence numbers that came after a higher one.</param>
/// <param name="Damaged">Frames whose length, checksum or magic number is wrong.</param>
/// <param name="Found">Places where a probe found its secret.</param>
/// <param name="Probed">Addresses that a probe looked at.</param>
public readonly record struct MicroVmCounters(
    long Packets,
    long Bytes,
    long Batches,
    long Kicks,
    long Waits,
    long Sleeps,
    long Lost,
    long Duplicated,
    long Reordered,
    long Damaged,
    long Found,
    long Probed);
