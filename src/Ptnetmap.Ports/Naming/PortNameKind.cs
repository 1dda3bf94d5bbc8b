namespace Ptnetmap.Ports.Naming;

/// <summary>What a port's name stands for.</summary>
public enum PortNameKind
{
    /// <summary><c>netmap:IF</c>: a network interface.</summary>
    Interface,

    /// <summary><c>valeSW:PORT</c>: a port of a VALE switch.</summary>
    Vale,

    /// <summary><c>NAME</c> of a pipe that hangs on no other port.</summary>
    Free,
}
