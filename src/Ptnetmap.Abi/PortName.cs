using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Ptnetmap.Abi;

/// <summary>A port's name by netmap's grammar.
/// <code>
/// name    = base [ pipe ] [ rings ] { "/" letters | "@" region }
///         | "tap:" IF | "pcap:" FILE "," FILE                not netmap's: a file of "-" is none
/// base    = "netmap:" IF | "vale" SW ":" PORT | NAME         NAME only with a pipe
/// pipe    = ( "{" | "}" ) ID
/// rings   = "-" N | "^" | "*"                                ^ and * only of an interface
/// letters = one or more of t r z x R T
/// </code>
/// Only the parser makes one, so that a name that exists is sound.</summary>
public sealed record PortName
{
    /// <summary>Most characters of the whole name: <c>nr_name</c> is 64 bytes with its final zero.</summary>
    public const int MaxLength = 63;

    /// <summary>Most characters of an interface, a switch (<c>vale</c> included), a switch's port or a free name
    /// (<c>IFNAMSIZ</c> without its final zero).</summary>
    public const int MaxPartLength = 15;

    /// <summary>Largest ring number (<c>NETMAP_RING_MASK</c> is excluded).</summary>
    public const int MaxRing = 4094;

    /// <summary>How an interface's name begins.</summary>
    public const string InterfacePrefix = "netmap:";

    /// <summary>How a TAP interface's name begins.</summary>
    public const string TapPrefix = "tap:";

    /// <summary>How the name of a pair of capture files begins.</summary>
    public const string PcapPrefix = "pcap:";

    /// <summary>Most characters of the name of a pair of capture files, which netmap does not have; their whole paths
    /// are in it.</summary>
    public const int MaxPcapLength = 1000;

    /// <summary>How a switch's name begins.</summary>
    public const string ValePrefix = "vale";

    // In the order in which they are written.
    internal const string Letters = "trzxRT";

    internal PortName()
    {
    }

    /// <summary>What <see cref="Base"/> is.</summary>
    public PortNameKind Kind { get; internal init; }

    /// <summary>The switch (<c>vale0</c>); empty when it is no switch's port.</summary>
    public string Switch { get; internal init; } = "";

    /// <summary>The interface, the switch's port, the two files, or the free name: the part between prefix and
    /// suffixes.</summary>
    public string Part { get; internal init; } = "";

    /// <summary>Which end of a pipe; <see cref="PipeEnd.None"/> for a port that is none.</summary>
    public PipeEnd Pipe { get; internal init; }

    /// <summary>The pipe's id; empty without a pipe.</summary>
    public string PipeId { get; internal init; } = "";

    /// <summary>Which rings.</summary>
    public RingChoice Rings { get; internal init; }

    /// <summary>The ring of <see cref="RingChoice.One"/>, 0 otherwise.</summary>
    public int Ring { get; internal init; }

    /// <summary>The letters behind the slash.</summary>
    public PortNameOptions Options { get; internal init; }

    /// <summary>The id of the memory region behind <c>@</c>; 0 when none is given.</summary>
    public ushort RegionId { get; internal init; }

    /// <summary>The port that a pipe hangs on, or the port itself: without pipe and suffixes.</summary>
    public string Base => Kind switch
    {
        PortNameKind.Interface => InterfacePrefix + Part,
        PortNameKind.Vale => $"{Switch}:{Part}",
        PortNameKind.Tap => TapPrefix + Part,
        PortNameKind.Pcap => PcapPrefix + Part,
        _ => Part,
    };

    /// <summary>What the port is known by: <see cref="Base"/> and the pipe's end, without rings, letters and
    /// region.</summary>
    public string Port => Pipe == PipeEnd.None ? Base : $"{Base}{Bracket(Pipe)}{PipeId}";

    /// <summary>The name of a pipe's other end.</summary>
    /// <exception cref="InvalidOperationException">It is no pipe.</exception>
    public string OtherEnd => Pipe switch
    {
        PipeEnd.Master => $"{Base}{Bracket(PipeEnd.Slave)}{PipeId}",
        PipeEnd.Slave => $"{Base}{Bracket(PipeEnd.Master)}{PipeId}",
        _ => throw new InvalidOperationException($"{Port} is no pipe"),
    };

    /// <summary>Reads a name.</summary>
    /// <exception cref="PortNameException">It breaks the grammar; the message points at the character.</exception>
    public static PortName Parse(string name)
    {
        var parser = new PortNameParser(name);
        return parser.Run() ?? throw new PortNameException(name, parser.Position, parser.Reason);
    }

    /// <summary>Reads a name; false when it breaks the grammar.</summary>
    public static bool TryParse(string? name, [NotNullWhen(true)] out PortName? result)
    {
        result = name is null ? null : new PortNameParser(name).Run();
        return result is not null;
    }

    /// <summary>The name as it can be read again: the letters after one slash, in a fixed order, and the region
    /// last.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Port);
        _ = Rings switch
        {
            RingChoice.One => text.Append('-').Append(Ring.ToString(CultureInfo.InvariantCulture)),
            RingChoice.Host => text.Append('^'),
            RingChoice.AllAndHost => text.Append('*'),
            _ => text,
        };
        if (Options != PortNameOptions.None)
        {
            _ = text.Append('/');
            for (int i = 0; i < Letters.Length; i++)
            {
                _ = Options.HasFlag((PortNameOptions)(1 << i)) ? text.Append(Letters[i]) : text;
            }
        }

        return RegionId == 0
            ? text.ToString()
            : text.Append('@').Append(RegionId.ToString(CultureInfo.InvariantCulture)).ToString();
    }

    private static char Bracket(PipeEnd end) => end == PipeEnd.Master ? '{' : '}';
}
