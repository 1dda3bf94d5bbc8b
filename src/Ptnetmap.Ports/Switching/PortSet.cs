namespace Ptnetmap.Ports.Switching;

/// <summary>The ports of a switch at one moment. Never changed: a port that joins or leaves makes a new one, and passes
/// that are under way go on with the one they began with.</summary>
internal sealed class PortSet
{
    private readonly ValePort?[] _byNumber;

    private PortSet(ValePort?[] byNumber)
    {
        _byNumber = byNumber;
        Members = [.. byNumber.OfType<ValePort>()];
    }

    /// <summary>No ports.</summary>
    public static PortSet Empty { get; } = new(new ValePort?[256]);

    /// <summary>All ports, by rising number.</summary>
    public ValePort[] Members { get; }

    /// <summary>The port with this number, if there is one.</summary>
    public ValePort? this[int number] => _byNumber[(byte)number];

    /// <summary>The set with <paramref name="port"/> at its number: it has one before anybody can find it.</summary>
    public PortSet With(ValePort port) => Changed(port.Number, port);

    /// <summary>The set with nobody at <paramref name="number"/>.</summary>
    public PortSet Without(int number) => Changed(number, null);

    private PortSet Changed(int number, ValePort? port)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        var changed = (ValePort?[])_byNumber.Clone();
        changed[number] = port;
        return new PortSet(changed);
    }
}
