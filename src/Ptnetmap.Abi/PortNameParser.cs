using System.Buffers;

namespace Ptnetmap.Abi;

/// <summary>Reads one name from left to right. It stops at the first character that cannot be, and keeps where and
/// why.</summary>
internal sealed class PortNameParser(string name)
{
    private const string IdentifierLetters = "letters, digits and '_'";

    private static readonly SearchValues<char> Identifier =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    // What Linux lets an interface be called, less the characters that go on with something else here.
    private static readonly SearchValues<char> InterfaceLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+=~,;#%&!$()[]");

    // Nothing goes on behind a TAP interface's name; and what the daemon makes need not have a name that a terminal
    // obeys, and the kernel puts a number in the place of %d.
    private static readonly SearchValues<char> TapLetters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.+=~,;#&!$()[]-");

    private PortNameKind _kind;
    private string _switch = "";
    private string _part = "";
    private PipeEnd _pipe;
    private string _pipeId = "";
    private RingChoice _rings;
    private int _ring;
    private PortNameOptions _options;
    private int _region;

    internal int Position { get; private set; }

    internal string Reason { get; private set; } = "";

    private char Current => Position < name.Length ? name[Position] : '\0';

    // Ports that netmap does not have; they have no pipes, single rings, letters or regions.
    private bool IsHostPort => _kind is PortNameKind.Tap or PortNameKind.Pcap;

    private bool AtEnd => Position >= name.Length;

    /// <summary>The name, or null when it is none: <see cref="Position"/> and <see cref="Reason"/> then say
    /// why.</summary>
    internal PortName? Run()
    {
        bool sound = FitsNetmap() && ReadBase() && (IsHostPort || (ReadPipe() && ReadRings())) && ReadSuffixes();
        return !sound ? null : new PortName
        {
            Kind = _kind,
            Switch = _switch,
            Part = _part,
            Pipe = _pipe,
            PipeId = _pipeId,
            Rings = _rings,
            Ring = _ring,
            Options = _options,
            RegionId = (ushort)_region,
        };
    }

    private bool FitsNetmap()
    {
        bool isPcap = name.StartsWith(PortName.PcapPrefix, StringComparison.Ordinal);
        int most = isPcap ? PortName.MaxPcapLength : PortName.MaxLength;
        string whose = isPcap ? "the name of captures, with their whole paths," : "a name";
        return name.Length <= most || FailAt(most, $"{whose} has at most {most} characters, this one {name.Length}");
    }

    private bool ReadBase()
    {
        if (name.StartsWith(PortName.InterfacePrefix, StringComparison.Ordinal))
        {
            _kind = PortNameKind.Interface;
            Position = PortName.InterfacePrefix.Length;
            return ReadPart("an interface's name", InterfaceLetters, out _part)
                && IsNoStep(PortName.InterfacePrefix.Length);
        }

        if (name.StartsWith(PortName.ValePrefix, StringComparison.Ordinal))
        {
            _kind = PortNameKind.Vale;
            return ReadPart("a switch's name", Identifier, out _switch)
                && (Take(':') || Fail($"expected ':' and a port of switch {_switch}"))
                && ReadPart("a switch port's name", Identifier, out _part);
        }

        if (name.StartsWith(PortName.TapPrefix, StringComparison.Ordinal))
        {
            _kind = PortNameKind.Tap;
            Position = PortName.TapPrefix.Length;
            return ReadPart("an interface's name", TapLetters, out _part) && IsNoStep(PortName.TapPrefix.Length);
        }

        if (name.StartsWith(PortName.PcapPrefix, StringComparison.Ordinal))
        {
            return ReadFiles();
        }

        _kind = PortNameKind.Free;
        return ReadPart("a name ('netmap:' or 'tap:' and an interface, 'vale' and a switch, 'pcap:' and files, or a " +
            "pipe's name)", Identifier, out _part);
    }

    // The kernel has a directory for each interface.
    private bool IsNoStep(int start) =>
        _part is not ("." or "..") || FailAt(start, $"'{_part}' is a step in a path, and no interface's name");

    private bool ReadFiles()
    {
        _kind = PortNameKind.Pcap;
        Position = PortName.PcapPrefix.Length;
        _part = name[Position..];
        int comma = _part.IndexOf(',', StringComparison.Ordinal);
        if (comma <= 0 || comma == _part.Length - 1 || _part.LastIndexOf(',') != comma)
        {
            Position += comma < 0 || comma == _part.Length - 1 ? _part.Length : 0;
            return Fail("expected a file to replay, ',' and a file to write, '-' for none (pcap:in.pcap,-)");
        }

        if (_part is "-,-")
        {
            return Fail("expected a file on one side at least: with '-' on both there is nothing to do");
        }

        int unprintable = _part.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (unprintable >= 0)
        {
            return FailAt(Position + unprintable, "a file's name is of printable ASCII characters here");
        }

        Position = name.Length;
        return true;
    }

    private bool ReadPipe()
    {
        _pipe = Current switch
        {
            '{' => PipeEnd.Master,
            '}' => PipeEnd.Slave,
            _ => PipeEnd.None,
        };
        if (_pipe == PipeEnd.None)
        {
            return _kind != PortNameKind.Free || Fail(
                "expected '{' or '}' and a pipe's id: only a pipe's name stands without 'netmap:' or 'valeSWITCH:'");
        }

        Position++;
        _pipeId = Word(Identifier);
        return _pipeId.Length > 0 || Fail($"expected a pipe's id ({IdentifierLetters})");
    }

    private bool ReadRings()
    {
        switch (Current)
        {
            case '-':
                _rings = RingChoice.One;
                Position++;
                return ReadNumber("a ring's number", 0, PortName.MaxRing, out _ring)
                    || Fail(WithInterfaceOption(Reason));
            case '^' or '*' when _kind != PortNameKind.Interface || _pipe != PipeEnd.None:
                return Fail("only an interface has host rings");
            case '^':
                _rings = RingChoice.Host;
                Position++;
                return true;
            case '*':
                _rings = RingChoice.AllAndHost;
                Position++;
                return true;
            default:
                return true;
        }
    }

    private string WithInterfaceOption(string reason) => _kind == PortNameKind.Interface && _pipe == PipeEnd.None
        ? $"{reason}; an interface with '-' in its name has a port of another name (netmap:NAME --interface INTERFACE)"
        : reason;

    private bool ReadSuffixes()
    {
        while (!AtEnd)
        {
            bool sound = Current switch
            {
                '/' when !IsHostPort => ReadLetters(),
                '@' when !IsHostPort => ReadRegion(),
                _ => Fail(IsHostPort ? "expected the end" : ExpectedNext()),
            };
            if (!sound)
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadLetters()
    {
        int slash = Position++;
        int start = Position;
        while (!AtEnd && PortName.Letters.IndexOf(Current, StringComparison.Ordinal) is var letter and >= 0)
        {
            _options |= (PortNameOptions)(1 << letter);
            if (Contradiction() is { } why)
            {
                return Fail(why);
            }

            Position++;
        }

        if (Position == start || !(AtEnd || Current is '/' or '@'))
        {
            return Fail("expected one of t (monitor tx), r (monitor rx), z (zero-copy monitor), x (exclusive), "
                + "R (rx rings only), T (tx rings only)");
        }

        // At the end, since letters come in any order and over several slashes.
        bool zeroCopyOfNothing = _options.HasFlag(PortNameOptions.ZeroCopyMonitor)
            && (_options & (PortNameOptions.MonitorTx | PortNameOptions.MonitorRx)) == 0;
        return !(zeroCopyOfNothing && AtEndOfLetters())
            || FailAt(slash, "z makes a monitor zero-copy: it needs t or r as well");
    }

    private string? Contradiction() =>
        _options.HasFlag(PortNameOptions.RxOnly | PortNameOptions.TxOnly)
            ? "R and T exclude each other: nothing is left"
            : null;

    private bool AtEndOfLetters() => name.IndexOf('/', Position) < 0;

    private bool ReadRegion()
    {
        if (_region != 0)
        {
            return Fail("the region is given twice");
        }

        Position++;
        return ReadNumber("a region's id", 1, ushort.MaxValue, out _region);
    }

    private bool ReadPart(string what, SearchValues<char> letters, out string part)
    {
        int start = Position;
        part = Word(letters);
        if (part.Length == 0)
        {
            return Fail(_kind is PortNameKind.Interface or PortNameKind.Tap
                ? $"expected {what}"
                : $"expected {what}, of {IdentifierLetters}");
        }

        return part.Length <= PortName.MaxPartLength || FailAt(
            start + PortName.MaxPartLength, $"{what} has at most " +
                $"{PortName.MaxPartLength} characters, this one {part.Length}");
    }

    private bool ReadNumber(string what, int lowest, int highest, out int number)
    {
        int start = Position;
        long value = 0;
        while (char.IsAsciiDigit(Current))
        {
            value = Math.Min((value * 10) + (Current - '0'), int.MaxValue);
            Position++;
        }

        number = (int)value;
        return (Position > start && value >= lowest && value <= highest)
            || FailAt(start, $"expected {what}, {lowest} to {highest}");
    }

    private string Word(SearchValues<char> letters)
    {
        int length = name.AsSpan(Position).IndexOfAnyExcept(letters);
        int start = Position;
        Position = length < 0 ? name.Length : start + length;
        return name[start..Position];
    }

    private bool Take(char expected)
    {
        bool there = Current == expected;
        Position += there ? 1 : 0;
        return there;
    }

    private string ExpectedNext()
    {
        bool nothingYet = _rings == RingChoice.All && _options == PortNameOptions.None && _region == 0;
        string rings =
            !nothingYet ? "" : _kind == PortNameKind.Interface && _pipe == PipeEnd.None ? "'-', '^', '*', " : "'-', ";
        string pipe = nothingYet && _pipe == PipeEnd.None ? "'{', '}', " : "";
        return $"expected {pipe}{rings}'/', '@' or the end";
    }

    private bool FailAt(int position, string reason)
    {
        Position = position;
        return Fail(reason);
    }

    private bool Fail(string reason)
    {
        Reason = reason;
        return false;
    }
}
