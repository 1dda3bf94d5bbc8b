namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A packet as a receiver found it.</summary>
internal sealed record Received(byte[] Bytes, int[] Fragments)
{
    /// <summary>Its bytes as text, for comparison and messages.</summary>
    public string Hex => Convert.ToHexString(Bytes);
}
