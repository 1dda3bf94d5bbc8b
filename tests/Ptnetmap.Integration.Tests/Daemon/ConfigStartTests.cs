using System.Diagnostics;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>Configurations that cannot be: one line that says where and why, and nothing is left.</summary>
public sealed class ConfigStartTests : IDisposable
{
    // No machine that tests run on has as many.
    private const int NoCpu = 1023;

    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    private string Config => Path.Combine(_folder, "ptnet.toml");

    private string Run => Path.Combine(_folder, "run");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ports_that_cannot_be_connected_are_told_with_their_place()
    {
        PtnetResult result = await Up(
            """
            [[domain]]
            name = "d"
            [[port]]
            name = "vale0:a"
            domain = "d"
            rings = 2
            [[port]]
            name = "vale1:b"
            domain = "d"
            [[bridge]]
            left = "vale0:a"
            right = "vale1:b"
            """);

        Assert.Equal(1, result.Code);
        string last = result.Errors.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith($"ptnet: {Config}:10: port vale0:a has 2 tx", last, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Run));
    }

    [Fact]
    public async Task A_cpu_that_is_not_there_is_refused_with_those_that_are()
    {
        PtnetResult result = await Up($"[daemon]\nworkers = 1\ncpus = [{NoCpu}]\n");

        Assert.Equal(1, result.Code);
        Assert.Matches($"^ptnet: {Config}:3: cpus: {NoCpu}: this process may run on [0-9][^\n]*\n$", result.Errors);
        Assert.False(Directory.Exists(Run));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("systemd")]
    public async Task The_last_line_has_the_form_of_all_others(string log)
    {
        PtnetResult result =
            await Up("[daemon]\nlog = " +
                $"\"{log}\"\n[[port]]\nname = \"tap:nosuch\"\n[port.host]\nnetns = " +
                "\"/nowhere/ns\"\n[[bridge]]\nleft = \"vale0:a\"\nright = \"vale1:b\"\nrings = 2\n[[port]]\nname = " +
                "\"vale0:a\"\n");

        string[] lines = result.Errors.TrimEnd('\n').Split('\n');
        Assert.Equal(1, result.Code);
        Assert.Contains($"{Config}:", lines[^1], StringComparison.Ordinal);
        if (log is "json")
        {
            JsonElement[] parsed = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
            Assert.All(parsed, line => Assert.Equal(
                ["Timestamp", "EventId", "LogLevel", "Category", "Message", "Exception", "State"],
                line.EnumerateObject().Select(field => field.Name)));
            Assert.Equal("Critical", parsed[^1].GetProperty("LogLevel").GetString());
        }
        else
        {
            Assert.StartsWith(log is "text" ? "ptnet: " : "<2>", lines[^1], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("missing", "No such file")]
    [InlineData("directory", "a directory")]
    [InlineData("fifo", "a FIFO")]
    [InlineData("large", "more than 1 MiB")]
    [InlineData("binary", "is not UTF-8")]
    [InlineData("zero", "a zero byte")]
    public async Task What_is_no_configuration_is_told_in_one_line(string kind, string reason)
    {
        switch (kind)
        {
            case "directory":
                Directory.CreateDirectory(Config);
                break;
            case "fifo":
                using (Process make = Process.Start("mkfifo", [Config]))
                {
                    await make.WaitForExitAsync(TestContext.Current.CancellationToken);
                }

                break;
            case "binary":
                await File.WriteAllBytesAsync(Config, [0x41, 0x0A, 0xFF, 0xFE], TestContext.Current.CancellationToken);
                break;
            case "zero":
                await File.WriteAllBytesAsync(Config, [0x23, 0x00], TestContext.Current.CancellationToken);
                break;
            case "large":
                using (FileStream file = File.Create(Config))
                {
                    file.SetLength(20 << 20);
                }

                break;
        }

        PtnetResult result = await PtnetProcess.Run("up", "--config", Config, "--run-dir", Run);

        Assert.Equal(kind is "large" or "binary" or "zero" ? 2 : 1, result.Code);
        Assert.Matches($"^ptnet: configuration {Config}[^\n]*{reason}[^\n]*--config[^\n]*\n$", result.Errors);
    }

    [Theory]
    [InlineData("[[port]]\nname = \"vale0:a\"\ntransport = \"pigeon\"", "ptnet.toml:1: transport: 'pigeon' is none of")]
    [InlineData("[[domain]]\nname = \"vale0:a\"\n[[port]]\nname = \"vale0:a\"",
        "ptnet.toml:4: name: trust domain 'vale0:a'")]
    [InlineData("\"a\\u001b[2J\\u202e\" = 1", "ptnet.toml:1: 'a\\u001b[2J\\u202e' is nothing")]
    public async Task What_is_wrong_in_the_file_itself_is_a_mistake_of_its_writer(string config, string text)
    {
        PtnetResult result = await Up(config);

        Assert.Equal(2, result.Code);
        Assert.Contains(text, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Errors);
        Assert.False(Directory.Exists(Run));
    }

    private async Task<PtnetResult> Up(string config)
    {
        await File.WriteAllTextAsync(Config, config, TestContext.Current.CancellationToken);
        return await PtnetProcess.Run("up", "--config", Config, "--run-dir", Run);
    }
}
