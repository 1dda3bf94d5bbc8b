using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Cli.Bench;

/// <summary>The options that choose cells of the matrix; without them it has all.</summary>
internal sealed class MatrixOptions
{
    private static readonly string[] Shapes = [.. MatrixShape.All.Select(shape => shape.Name)];
    private static readonly int[] Frames = [60, 256, 1024, 1500];
    private static readonly string[] Ways = ["one", "both"];
    private static readonly string[] Kinds = ["vm", "thread"];

    private readonly Option<string[]> _shapes = Choice.Words(
        "--shapes", "SHAPES", "Some of pipe,vale,chain-1,... chain-5. Default: all.", Shapes);

    private readonly Option<int[]> _frames = Choice.Wholes(
        "--frames", "BYTES", "Bytes of a frame, without Ethernet's checksum, with commas. Default: 60,256,1024,1500.",
        SettingTables.Guest.LimitsOf("frame"));

    private readonly Option<string[]> _ways = Choice.Words(
        "--ways", "one,both", "One end sends, or both do. Default: one,both.", Ways);

    private readonly Option<string[]> _guests = Choice.Words(
        "--guests", "vm,thread", "Micro-VMs on KVM, and threads. Default: vm,thread.", Kinds);

    /// <summary>Adds all of them to a command.</summary>
    internal Command AddTo(Command command)
    {
        Array.ForEach<Option>([_shapes, _frames, _ways, _guests], command.Options.Add);
        return command;
    }

    /// <summary>What they say.</summary>
    internal MatrixPlan Read(ParseResult parsed) => new(
        [.. Given(parsed, _shapes, Shapes).Select(MatrixShape.Of)],
        [.. Given(parsed, _frames, Frames).Distinct()],
        [.. Given(parsed, _ways, Ways).Select(way => string.Equals(way, Ways[1], StringComparison.Ordinal))],
        [.. Given(parsed, _guests, Kinds).Select(kind => Enum.Parse<GuestKind>(kind, ignoreCase: true))]);

    // A list that is not given is an empty one to the parser.
    private static T[] Given<T>(ParseResult parsed, Option<T[]> option, T[] otherwise) =>
        parsed.GetValue(option) is { Length: > 0 } given ? given : otherwise;
}
