namespace Ptnetmap.MicroVm.Programs;

/// <summary>Reads everywhere, in search of a secret: all bytes of all memory that the machine has, and one word every
/// <see cref="Step"/> in the whole space below <see cref="Limit"/>, mapped for the purpose. Where the machine has no
/// memory a load leaves the guest and the VMM answers all ones.</summary>
public sealed record ProbeProgram : MicroVmProgram
{
    /// <summary>Bytes of a secret.</summary>
    public const int SecretSize = 16;

    /// <summary>What to look for: 16 bytes, found where they start at a multiple of eight.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>End of the space that it looks at.</summary>
    public long Limit { get; init; } = 64L << 30;

    /// <summary>Bytes from one look to the next outside the machine's memory.</summary>
    public long Step { get; init; } = 2 << 20;

    /// <inheritdoc/>
    internal override int MinPorts => 0;

    /// <inheritdoc/>
    internal override ulong MapsUpTo => (ulong)Limit;

    /// <inheritdoc/>
    internal override bool TouchesHoles => true;
}
