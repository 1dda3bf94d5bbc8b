namespace Ptnetmap.Abi;

/// <summary>What a port's name stands for.</summary>
public enum PortNameKind
{
    /// <summary><c>netmap:IF</c>: a network interface.</summary>
    Interface,

    /// <summary><c>valeSW:PORT</c>: a port of a VALE switch.</summary>
    Vale,

    /// <summary><c>tap:IF</c>: a TAP interface that is made for the port.</summary>
    Tap,

    /// <summary><c>pcap:IN,OUT</c>: capture files, of which either may be <c>-</c> for none.</summary>
    Pcap,

    /// <summary><c>NAME</c> of a pipe that hangs on no other port.</summary>
    Free,
}
