namespace Ptnetmap.Ports.Switching;

/// <summary>The ports of a switch at one moment. Never changed: a port that joins or leaves makes a new one, and passes
/// that are under way go on with the one they began with.</summary>
internal sealed class PortSet
{
    private readonly SwitchPort?[] _byNumber;

    private PortSet(SwitchPort?[] byNumber)
    {
        _byNumber = byNumber;
        Members = [.. byNumber.OfType<SwitchPort>()];
    }

    public static PortSet Empty { get; } = new(new SwitchPort?[256]);

    /// <summary>All ports, by rising number.</summary>
    public SwitchPort[] Members { get; }

    public SwitchPort? this[int number] => _byNumber[(byte)number];

    /// <summary>The set with <paramref name="port"/> at its number: it has one before anybody can find it.</summary>
    public PortSet With(SwitchPort port) => Changed(port.Number, port);

    public PortSet Without(int number) => Changed(number, null);

    private PortSet Changed(int number, SwitchPort? port)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        var changed = (SwitchPort?[])_byNumber.Clone();
        changed[number] = port;
        return new PortSet(changed);
    }
}
