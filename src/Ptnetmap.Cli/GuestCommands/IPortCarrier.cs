using System.CommandLine;
using Ptnetmap.Client;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>What carries the ports that a program is run on, with the options that only it has.</summary>
internal interface IPortCarrier
{
    /// <summary>What to tell it.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>Where ports are opened by name.</summary>
    public IPortSource OpenPorts(ParseResult parsed);
}
