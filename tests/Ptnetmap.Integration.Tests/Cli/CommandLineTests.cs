using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Cli;

public class CommandLineTests
{
    [Theory]
    [InlineData("--frame", "bench", "v2v", "--frame", "3")]
    [InlineData("--frame", "bench", "v2v", "--frame", "many")]
    [InlineData("--frame", "bench", "v2v", "--frame")]
    [InlineData("--slots", "bench", "v2v", "--slots", "1M")]
    [InlineData("--via", "bench", "v2v", "--via", "string")]
    [InlineData("--rings", "bench", "v2v", "--rings", "17")]
    [InlineData("--senders", "bench", "v2v", "--senders", "0")]
    [InlineData("--idle-ports", "bench", "v2v", "--idle-ports", "251")]
    [InlineData("--policy", "bench", "latency", "--policy", "hope")]
    [InlineData("--pin", "bench", "v2v", "--pin", "a,b")]
    [InlineData("--pin", "bench", "v2v", "--pin", "1000")]
    [InlineData("--json", "bench", "v2v", "--json", "/nowhere/report.json")]
    [InlineData("--length", "bench", "chain", "--length", "6")]
    [InlineData("--shapes", "bench", "matrix", "--shapes", "pipe,string")]
    [InlineData("--shapes", "bench", "matrix", "--shapes", "pipe", "--shapes", "vale")]
    [InlineData("--frames", "bench", "matrix", "--frames", "60,3")]
    [InlineData("--ways", "bench", "matrix", "--ways", "three")]
    [InlineData("--svg", "bench", "matrix", "--svg", "/nowhere/matrix.svg")]
    [InlineData("--svg", "bench", "matrix", "--svg", "-")]
    [InlineData("--guests", "bench", "matrix", "--guests", "vm,qemu")]
    [InlineData("--seconds", "demo", "--seconds", "-1")]
    [InlineData("--frmae", "bench", "v2v", "--frmae", "60")]
    [InlineData("v2x", "bench", "v2x")]
    [InlineData("v2v", "bench")]
    [InlineData("--veth", "bench", "nic")]
    [InlineData("--switch", "bench", "nic", "--stub", "--switch")]
    public async Task A_mistake_is_named_and_nothing_is_done(string named, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
        Assert.Contains("--help", result.Errors, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task A_region_beyond_its_limit_names_the_limit_and_the_option()
    {
        PtnetResult result = await PtnetProcess.Run(
            "bench", "v2v", "--guests", "thread", "--pairs", "64", "--rings", "16", "--slots", "16384",
            "--frame", "9000");
        Assert.Equal(1, result.Code);
        Assert.Contains("--slots", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Examples", "demo", "--help")]
    [InlineData("ptnet bench v2v", "bench", "v2v", "--help")]
    [InlineData("--broadcast --receivers 8", "bench", "v2v", "--help")]
    [InlineData("--switch makes the second interface", "bench", "nic", "--help")]
    [InlineData("--frame", "bench", "v2v", "--frame", "3", "--help")]
    [InlineData("ptnet doctor", "--help")]
    public async Task Help_teaches(string part, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(arguments);
        Assert.Equal((0, ""), (result.Code, result.Errors));
        Assert.Contains(part, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_knows_its_version()
    {
        PtnetResult result = await PtnetProcess.Run("--version");
        Assert.Equal(0, result.Code);
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", result.Output);
    }

    [Fact]
    public async Task The_doctor_says_what_is_wrong_and_what_helps()
    {
        PtnetResult result = await PtnetProcess.Run("doctor", "--json", "-");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        bool usable = json.RootElement.GetProperty("usable").GetBoolean();
        Assert.Equal(usable ? 0 : 1, result.Code);
        JsonElement[] checks = [.. json.RootElement.GetProperty("checks").EnumerateArray()];
        Assert.Contains(checks,
            check => string.Equals(check.GetProperty("name").GetString(), "KVM", StringComparison.Ordinal));
        Assert.All(
            checks,
            check => Assert.Equal(
                !string.Equals(check.GetProperty("status").GetString(), "ok", StringComparison.OrdinalIgnoreCase),
                check.GetProperty("remedy").ValueKind == JsonValueKind.String));
    }

    [Fact]
    public async Task What_helps_is_a_line_of_its_own()
    {
        PtnetResult table = await PtnetProcess.Run("doctor");
        PtnetResult result = await PtnetProcess.Run("doctor", "--json", "-");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        string[] lines = [.. table.Output.Split('\n').Select(line => line.Trim())];

        Assert.All(
            json.RootElement.GetProperty("checks").EnumerateArray()
                .Select(check =>
                    (Name: check.GetProperty("name").GetString()!, Remedy: check.GetProperty("remedy").GetString()))
                .Where(check => check.Remedy is not null and { Length: < 150 }),
            check => Assert.Equal(
                $"-> {check.Remedy}", lines.SkipWhile(line => !IsOf(check.Name, line)).ElementAt(1)));
        Assert.DoesNotContain("\\u", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_what_a_capability_is_for()
    {
        PtnetResult result = await PtnetProcess.Run("doctor", "--json", "-");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        var findings = json.RootElement.GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("name").GetString()!,
                check => check.GetProperty("finding").GetString()!);

        foreach ((string name, string feature) in ((string, string)[])
        [
            ("TAP", "ports tap:NAME"), ("BPF", "ports netmap:INTERFACE"), ("AF_XDP", "ports netmap:INTERFACE"),
            ("tcx", "netmap:INTERFACE^"),
            ("QEMU", "vm run"), ("KVM for kernels", "vm run"),
        ])
        {
            Assert.Contains(feature, findings[name], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_doctor_does_not_warn_of_limits_that_root_does_not_have()
    {
        Needs.Root();
        ulong capabilities = Convert.ToUInt64(
            File.ReadLines("/proc/self/status")
                .Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim(), 16);
        Assert.SkipWhen((capabilities & (1 << 14)) == 0, "root has no CAP_IPC_LOCK here");
        PtnetResult result = await PtnetProcess.Run("doctor", "--json", "-");
        using JsonDocument json = JsonDocument.Parse(result.Output);

        JsonElement check = json.RootElement.GetProperty("checks").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "locked memory");
        Assert.Equal("ok", check.GetProperty("status").GetString(), ignoreCase: true);
    }

    // Others may speak of what it is about.
    private static bool IsOf(string check, string line) =>
        line.Split(' ', 2) is [_, var rest] && rest.TrimStart().StartsWith($"{check}  ", StringComparison.Ordinal);
}
