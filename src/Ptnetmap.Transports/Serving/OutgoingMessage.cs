using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>A reply for which there was no room, or the rest of one.</summary>
/// <param name="Bytes">What is still to be sent.</param>
/// <param name="Descriptor">A descriptor that goes with it; not owned.</param>
internal sealed record OutgoingMessage(ReadOnlyMemory<byte> Bytes, FileDescriptor? Descriptor);
