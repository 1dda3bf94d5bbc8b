using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet domain</c>.</summary>
internal static class DomainCommand
{
    private const string Lesson =
        """
        A trust domain is one memory region. Whoever has a port in it can read and write all of it: put only guests
        together that trust each other. A port or pipe that names no domain gets a region of its own, which goes with it.
        """;

    private static readonly Argument<string> Name = ControlCommand.Named("NAME", "The trust domain.");
    private static readonly Option<long> Ports = Choice.Whole("--ports", "N", "Ports at the same time; a pipe has two.", "ports", 2);
    private static readonly Option<long> Rings = Choice.Whole("--rings", "N", "The most ring pairs of a port.", "rings", 1);
    private static readonly Option<long> Slots = Choice.Whole("--slots", "N", "The most slots of a ring.", "slots", 1024);
    private static readonly Option<long> Extra = Choice.Whole("--extra-buffers", "N", "Buffers beyond those of the rings.", "extra_buffers", 0);
    private static readonly Option<long> BufferSize = Choice.Whole(
        "--buffer-size", "BYTES", "Bytes of a buffer.", "buffer_size", RegionRequest.DefaultBufferSize);

    private static readonly Option<long> RegionId = Choice.Whole("--region-id", "ID", "Default: the lowest that is free.", "region_id");
    private static readonly Option<string> HugePages = Choice.Word("--hugepages", "Pages of 2 MiB.", "auto", [.. Names.HugePages]);

    private static ApiJson Json => ApiJson.Default;

    /// <summary>Builds the commands.</summary>
    internal static Command Create() => new("domain", "Add, remove and list trust domains")
    {
        ControlCommand.Create("add", "Make a trust domain", Lesson, Add, Name, Ports, Rings, Slots, Extra, BufferSize, RegionId, HugePages),
        ControlCommand.Create("rm", "Remove a trust domain without ports", "", Remove, Name),
        ControlCommand.Create("ls", "List trust domains", Lesson, (_, client) =>
        {
            (IReadOnlyList<DomainReport> domains, string text) = client.Get("/v1/domains", Json.IReadOnlyListDomainReport);
            return new Answer(text, output => ControlText.WriteDomains(domains, output));
        }),
    };

    private static Answer Add(ParseResult parsed, ControlClient client)
    {
        var settings = new DomainSettings
        {
            Name = parsed.GetValue(Name)!,
            Ports = (int)parsed.GetValue(Ports),
            Rings = (int)parsed.GetValue(Rings),
            Slots = (int)parsed.GetValue(Slots),
            ExtraBuffers = (int)parsed.GetValue(Extra),
            BufferSize = (int)parsed.GetValue(BufferSize),
            RegionId = parsed.GetResult(RegionId) is null ? null : (int)parsed.GetValue(RegionId),
            HugePages = parsed.GetValue(HugePages)!,
        };
        (DomainReport domain, string text) = client.Post("/v1/domains", settings, Json.DomainSettings, Json.DomainReport);
        return new Answer(text, output => ControlText.WriteDomains([domain], output));
    }

    private static Answer Remove(ParseResult parsed, ControlClient client)
    {
        client.Delete(ControlCommand.Path("domains", parsed.GetValue(Name)!));
        return Answer.Done($"{parsed.GetValue(Name)}: removed");
    }
}
