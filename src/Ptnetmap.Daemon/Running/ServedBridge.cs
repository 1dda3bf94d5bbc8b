using Ptnetmap.Passthrough;

namespace Ptnetmap.Daemon.Running;

/// <summary>Two ports that the daemon connects with each other.</summary>
/// <param name="Left">One.</param>
/// <param name="Right">The other.</param>
/// <param name="Splice">What moves their packets.</param>
/// <param name="Made">Those of the two that were made for the bridge, and go with it.</param>
/// <param name="Attachment">The attachment that it is part of; null: it was made for itself.</param>
public sealed record ServedBridge(
    ServedPort Left, ServedPort Right, Splice Splice, IReadOnlyList<ServedPort> Made,
    SwitchAttachment? Attachment = null)
{
    /// <summary>What it is known by: its left port.</summary>
    public string Name => Left.Name;

    /// <summary>The port at the other side.</summary>
    public ServedPort Other(ServedPort port) => port == Left ? Right : Left;
}
