namespace Ptnetmap.Nic.Xdp;

/// <summary>Which frames a NIC port gets.</summary>
public sealed record NicFilter
{
    /// <summary>All of them.</summary>
    public static NicFilter Everything { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "everything";
}
