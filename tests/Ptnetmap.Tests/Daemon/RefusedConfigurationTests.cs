using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A configuration that is refused half-way leaves what it names as it was.</summary>
public sealed class RefusedConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[[port]]\nname = \"pcap:-,OUT\"\nslots = 64\ntransport = \"none\"\n[[port]]\nname = " +
        "\"pcap:MISSING,-\"\nslots = 64\n", true)]
    [InlineData("[[bridge]]\nleft = \"pcap:-,OUT\"\nright = \"vale0:a\"\nslots = 64\n[[bridge]]\nleft = " +
        "\"pcap:MISSING,-\"\nright = \"vale0:b\"\nslots = 64\n", true)]
    [InlineData("[[port]]\nname = \"pcap:-,OUT\"\nslots = 64\ntransport = \"none\"\n", false)]
    public async Task A_capture_that_was_there_is_emptied_once_the_whole_configuration_is_made(string text,
        bool isRefused)
    {
        string output = _folder["out.pcap"];
        File.WriteAllText(output, "of another day");
        DaemonSettings settings = ConfigReader.Read(
            text.Replace("OUT", output, StringComparison.Ordinal).Replace("MISSING", _folder["missing.pcap"],
                StringComparison.Ordinal), "f");
        DaemonBed? bed = null;
        Exception? refusal = await Record.ExceptionAsync(async () => bed = await DaemonBed.Start(settings));
        if (bed is not null)
        {
            await bed.DisposeAsync();
        }

        Assert.Equal(isRefused, refusal is not null);
        Assert.Contains(isRefused ? "missing.pcap" : "", refusal?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(isRefused, File.ReadAllText(output) is "of another day");
    }
}
