namespace Ptnetmap.Ports.Switching;

/// <summary>Which port belongs to which VLAN. Changed by the control path while passes read it.</summary>
public sealed class VlanMembership
{
    /// <summary>VLAN identifiers are 1 to this.</summary>
    public const int MaxVlan = 4094;

    private const int WordsPerPort = 4096 / 64;
    private readonly ulong[] _members = new ulong[256 * WordsPerPort];
    private readonly ushort[] _accessVlan = new ushort[256];

    /// <summary>Makes one in which every port is in VLAN 1, untagged.</summary>
    public VlanMembership()
    {
        for (int port = 0; port < _accessVlan.Length; port++)
        {
            SetAccessVlan(port, 1);
        }
    }

    /// <summary>The VLAN of untagged frames that <paramref name="port"/> sends.</summary>
    public int AccessVlan(int port) => _accessVlan[(byte)port];

    /// <summary>True when <paramref name="port"/> may send and receive in <paramref name="vlan"/>.</summary>
    public bool IsMember(int port, int vlan) =>
        ((_members[((byte)port * WordsPerPort) + ((vlan & Ethernet.VlanIdMask) >> 6)] >> (vlan & 63)) & 1) != 0;

    /// <summary>Puts <paramref name="port"/> into one VLAN, for frames without a tag, and out of all others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The port or the VLAN does not exist.</exception>
    public void SetAccessVlan(int port, int vlan)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(port & 0xFF, port);
        CheckVlan(vlan);
        _members.AsSpan(port * WordsPerPort, WordsPerPort).Clear();
        _accessVlan[port] = (ushort)vlan;
        Join(port, vlan);
    }

    /// <summary>Lets <paramref name="port"/> send and receive in one more VLAN, with tagged frames.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The port or the VLAN does not exist.</exception>
    public void Join(int port, int vlan)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(port & 0xFF, port);
        CheckVlan(vlan);
        Interlocked.Or(ref _members[(port * WordsPerPort) + (vlan >> 6)], 1UL << (vlan & 63));
    }

    private static void CheckVlan(int vlan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vlan, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vlan, MaxVlan);
    }
}
