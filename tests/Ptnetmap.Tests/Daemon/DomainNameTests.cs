using System.Text.Json;
using System.Text.RegularExpressions;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Every name that is accepted can be shown, removed and scraped.</summary>
public partial class DomainNameTests
{
    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\u001b[31m")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData(" a")]
    [InlineData("\ud83d")]
    public void A_name_that_cannot_be_shown_is_refused(string name) =>
        Assert.Equal("name", Assert.Single(SettingsRules.Check(new DomainSettings { Name = name })).Key);

    [Fact]
    public async Task What_is_accepted_is_found_and_removed_by_its_name()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        foreach (string name in (string[])["a/b", "a%2Fb", "a%2fb", "%", "%25", "a b", "a?b#c", "...", "a/../b", "+", "\U0001F600", "ä\"\\{}", "{name}"])
        {
            (int status, JsonElement made) = await bed.Post("/v1/domains", JsonSerializer.Serialize(new Dictionary<string, object> { ["name"] = name, ["slots"] = 64 }));
            Assert.True(status == 201, $"{name}: {made}");
            string path = $"/v1/domains/{Uri.EscapeDataString(name)}";

            Assert.Equal(name, (await bed.Get(path)).GetProperty("name").GetString());
            (int removed, JsonElement problem) = await bed.Send(HttpMethod.Delete, path);
            Assert.True(removed == 204, $"{name}: {problem}");
        }
    }

    [Fact]
    public async Task Each_domain_is_a_series_of_its_own_by_the_expositions_format()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        string[] names = ["\U0001F600", "\U0001F601", "a\"b", "a\\b", "a\\nb", "\\"];
        foreach (string name in names)
        {
            bed.Inventory.AddDomain(new DomainSettings { Name = name, Slots = 64 });
        }

        string text = await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        string[] labels = [.. Series().Matches(text).Select(match => Unescape(match.Groups[1].Value))];
        Assert.Equal(names, labels);
    }

    // A label's value: anything but a backslash, a quote or a line's end, or one of them behind a backslash.
    [GeneratedRegex("""^ptnet_domain_free_buffers\{domain="((?:[^\\"\n]|\\[\\"n])*)"\} \d+$""", RegexOptions.Multiline)]
    private static partial Regex Series();

    private static string Unescape(string label) =>
        Regex.Replace(label, @"\\(.)", match => match.Groups[1].Value is "n" ? "\n" : match.Groups[1].Value);
}
