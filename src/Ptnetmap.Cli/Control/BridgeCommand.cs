using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet bridge</c>.</summary>
internal static class BridgeCommand
{
    private const string Lesson =
        """
        What one port receives the other sends, both ways, by swapping buffers: nothing is copied, so both lie in one region.
        Ports that are not there are made, in one region, and go with the bridge.

        Examples:
          ptnet bridge add tap:left tap:right          two interfaces, connected as by a cable
          ptnet bridge add tap:x vale0:x               what 'ptnet switch attach vale0 tap:x' does
          ptnet bridge add pcap:in.pcap,- tap:x        replay a capture to an interface
          ptnet bridge rm tap:left
        """;

    private static ApiJson Json => ApiJson.Default;

    internal static Command Create() => new("bridge", "Connect two ports with each other, inside the daemon")
    {
        CreateAdd(),
        CreateRemove(),
        ControlCommand.Create("ls", "List bridges", "", (_, client) =>
        {
            (IReadOnlyList<BridgeReport> bridges, string text) = client.Get("/v1/bridges",
                Json.IReadOnlyListBridgeReport);
            return new Answer(text, output => ControlText.WriteBridges(bridges, output));
        }),
    };

    private static Command CreateAdd()
    {
        Argument<string> left = ControlCommand.Named("LEFT",
            "One port: tap:NAME, pcap:IN,OUT, SWITCH:PORT, or one that is there.");
        Argument<string> right = ControlCommand.Named("RIGHT", "The other.");
        var options = new SettingOptions<BridgeSettings>(SettingTables.Bridge);
        var host = new SettingOptions<HostSettings>(SettingTables.Host);
        return ControlCommand.Create(
            "add", "Connect two ports", Lesson,
            (parsed, client) =>
            {
                BridgeSettings settings = options.Read(parsed, new BridgeSettings
                {
                    Left = parsed.GetValue(left)!,
                    Right = parsed.GetValue(right)!,
                    Host = host.ReadIfAny(parsed),
                });
                (BridgeReport bridge, string text) = client.Post("/v1/bridges", settings, Json.BridgeSettings,
                    Json.BridgeReport);
                return new Answer(text, output => ControlText.WriteBridges([bridge], output));
            },
            [left, right, .. options.All, .. host.All]);
    }

    private static Command CreateRemove()
    {
        Argument<string> name = ControlCommand.Named("PORT", "Either of its ports.");
        return ControlCommand.Create(
            "rm", "Part two ports; those that were made for the bridge are closed", "",
            (parsed, client) =>
            {
                client.Delete(ControlCommand.Path("bridges", parsed.GetValue(name)!));
                return Answer.Done($"{parsed.GetValue(name)}: parted");
            },
            name);
    }
}
