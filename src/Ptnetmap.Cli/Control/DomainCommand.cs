using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

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
    private static readonly SettingOptions<DomainSettings> Options = new(SettingTables.Domain);

    private static ApiJson Json => ApiJson.Default;

    internal static Command Create() => new("domain", "Add, remove and list trust domains")
    {
        ControlCommand.Create("add", "Make a trust domain", Lesson, Add, [Name, .. Options.All]),
        ControlCommand.Create("rm", "Remove a trust domain without ports", "", Remove, Name),
        ControlCommand.Create("ls", "List trust domains", Lesson, (_, client) =>
        {
            (IReadOnlyList<DomainReport> domains, string text) = client.Get("/v1/domains",
                Json.IReadOnlyListDomainReport);
            return new Answer(text, output => ControlText.WriteDomains(domains, output));
        }),
    };

    private static Answer Add(ParseResult parsed, ControlClient client)
    {
        DomainSettings settings = Options.Read(parsed,
            new DomainSettings { Name = parsed.GetValue(Name)!, Ports = DomainSettings.CommandPorts });
        (DomainReport domain, string text) = client.Post("/v1/domains", settings, Json.DomainSettings,
            Json.DomainReport);
        return new Answer(text, output => ControlText.WriteDomains([domain], output));
    }

    private static Answer Remove(ParseResult parsed, ControlClient client)
    {
        client.Delete(ControlCommand.Path("domains", parsed.GetValue(Name)!));
        return Answer.Done($"{parsed.GetValue(Name)}: removed");
    }
}
