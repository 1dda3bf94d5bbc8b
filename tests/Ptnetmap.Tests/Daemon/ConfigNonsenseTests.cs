using System.Diagnostics;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Files that were named as configuration and are none, and those with more mistakes than anybody
/// reads.</summary>
public sealed class ConfigNonsenseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("directory", "a directory")]
    [InlineData("fifo", "a FIFO")]
    [InlineData("missing", "No such file")]
    [InlineData("large", "more than 1 MiB")]
    [InlineData("binary", "byte 2 is not UTF-8")]
    [InlineData("zero", "a zero byte (in line 2)")]
    public void What_is_no_text_is_refused_without_waiting(string kind, string reason)
    {
        string path = _folder[kind];
        switch (kind)
        {
            case "directory":
                Directory.CreateDirectory(path);
                break;
            case "fifo":
                using (Process make = Process.Start("mkfifo", [path]))
                {
                    make.WaitForExit();
                }

                break;
            case "large":
                using (FileStream file = File.Create(path))
                {
                    file.SetLength(20 << 20);
                }

                break;
            case "binary":
                File.WriteAllBytes(path, [0x41, 0x0A, 0xFF, 0xFE]);
                break;
            case "zero":
                File.WriteAllBytes(path, [0x23, 0x0A, 0x23, 0x00]);
                break;
        }

        Exception refusal = Assert.ThrowsAny<Exception>(() => ConfigReader.ReadFile(path));
        Assert.Equal(kind is "large" or "binary" or "zero", refusal is ConfigException);
        Assert.Equal(refusal is not ConfigException, refusal is IOException);
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_the_largest_size_with_a_mark_at_its_start_is_read()
    {
        string path = _folder["full"];
        byte[] text = [0xEF, 0xBB, 0xBF, .. "[daemon]\nworkers = 2\n#"u8];
        File.WriteAllBytes(path, [.. text, .. Enumerable.Repeat((byte)'x', (1 << 20) - text.Length)]);

        Assert.Equal(2, ConfigReader.ReadFile(path).Workers);
    }

    [Fact]
    public void Twenty_mistakes_are_told_and_how_many_more_there_are()
    {
        string text = string.Concat(Enumerable.Repeat("[[port]]\nname = \"vale0\"\n", 50));

        ConfigException found = Assert.Throws<ConfigException>(() => ConfigReader.Read(text, "x.toml"));

        // A name is pointed at in a second line.
        string[] lines =
            [.. found.Message.Split('\n').Where(line => line.StartsWith("x.toml:", StringComparison.Ordinal))];
        Assert.Equal(21, lines.Length);
        Assert.Equal($"x.toml: and {found.Problems.Count - 20} more", lines[^1]);
        Assert.True(found.Problems.Count >= 50);
    }

    [Theory]
    [InlineData("[[port]\nname = \"vale0:a\"\nslots = 64\n[[pipe]]\nname = \"p{1\"\n", 1)]
    [InlineData("[daemon]\nworkers = = 1\npolicy = \"spin\"\n", 2)]
    [InlineData("[daemon]\nlog = \"text\n", 2)]
    [InlineData("\u0001\u0002garbage here\nmore = [\n", 1)]
    public void One_fault_of_syntax_is_one_line(string text, int line)
    {
        ConfigException found = Assert.Throws<ConfigException>(() => ConfigReader.Read(text, "x.toml"));

        Assert.Equal(line, Assert.Single(found.Problems).Line);
    }

    [Theory]
    [InlineData("[", 200_000)]
    [InlineData("{a=", 200_000)]
    [InlineData("[", 90)]
    [InlineData("{a=", 65)]
    [InlineData("[", 33)]
    public void Brackets_without_end_are_refused(string opening, int count)
    {
        ConfigException found = Assert.Throws<ConfigException>(
            () => ConfigReader.Read($"\na = {string.Concat(Enumerable.Repeat(opening, count))}", "x.toml"));

        Assert.Equal(2, Assert.Single(found.Problems).Line);
    }

    [Fact]
    public void A_bridge_from_a_port_to_itself_is_one_mistake()
    {
        ConfigException found = Assert.Throws<ConfigException>(
            () => ConfigReader.Read("[[bridge]]\nleft = \"tap:a\"\nright = \"tap:a\"\n", "x.toml"));

        Assert.Equal("right: 'tap:a' cannot be connected with itself", Assert.Single(found.Problems).Text);
    }

    [Fact]
    public void Settings_know_where_they_were_read()
    {
        DaemonSettings settings = ConfigReader.Read("[daemon]\ncpus = [0]\n\n[[port]]\nname = \"vale0:a\"\n", "x.toml");

        Assert.Equal("x.toml:2", settings.Places.Of(settings.Cpus));
        Assert.Equal("x.toml:4", settings.Places.Of(settings.Ports[0]));
        Assert.Null(settings.Places.Of(settings));
    }
}
