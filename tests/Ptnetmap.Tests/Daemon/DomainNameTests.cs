using System.Text.Json;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Every name that is accepted can be shown, removed and scraped.</summary>
public class DomainNameTests
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
    [InlineData("a\u202eb")]
    [InlineData("a\u200bb")]
    [InlineData("a\u200db")]
    [InlineData("\u2066a")]
    [InlineData("a\u00a0b")]
    [InlineData("a\u3164b")]
    [InlineData("a\u2800b")]
    [InlineData("a\ufe0f")]
    [InlineData("a\u0308")]
    [InlineData("a\ue000")]
    public void A_name_that_cannot_be_shown_is_refused(string name) =>
        Assert.Equal("name", Assert.Single(SettingsRules.Check(new DomainSettings { Name = name })).Key);

    [Fact]
    public async Task What_is_accepted_is_found_and_removed_by_its_name()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        foreach (string name in (string[])["a/b", "a%2Fb", "a%2fb", "%", "%25", "a b", "a?b#c", "...", "a/../b", "+",
            "\U0001F600", "ä\"\\{}", "{name}"])
        {
            (int status, JsonElement made) = await bed.Post("/v1/domains",
                JsonSerializer.Serialize(new Dictionary<string, object> { ["name"] = name, ["slots"] = 64 }));
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

        const string series = "ptnet_domain_free_buffers{domain=";
        string[] labels = [.. text.Split('\n').Where(line => line.StartsWith(series, StringComparison.Ordinal))
            .Select(line => LabelOf(line[series.Length..]))];
        Assert.Equal(names, labels);
    }

    // A label's value in quotes, as the exposition's format has it: a backslash before itself, a quote, or an n for a
    // line's end.
    private static string LabelOf(string text)
    {
        Assert.Equal('"', text[0]);
        var label = new System.Text.StringBuilder();
        int i = 1;
        for (; text[i] != '"'; i++)
        {
            _ = label.Append(text[i] != '\\' ? text[i] : text[++i] switch
            {
                'n' => '\n',
                '\\' or '"' => text[i],
                _ => throw new FormatException($"\\{text[i]} in {text}"),
            });
        }

        Assert.StartsWith("\"} ", text[i..], StringComparison.Ordinal);
        return label.ToString();
    }
}
