using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

public class ConfigTests
{
    [Fact]
    public void A_whole_file_is_read()
    {
        DaemonSettings daemon = ConfigReader.Read(
            """
            [daemon]
            workers = 2
            cpus = [0, 1]
            policy = "sleep"
            log = "json"
            log_level = "debug"

            [[domain]]
            name = "partners"
            buffer_size = 4096
            region_id = 7

            [[switch]]
            name = "vale0"
            ageing_seconds = 60

            [[port]]
            name = "vale0:web"
            rings = 4
            mac = "02:00:00:00:00:0a"
            bar = "memory"
            allow_unsealed_memory = true
            guest = { program = "send", packets = 10, to = "02:00:00:00:00:0b" }

            [[pipe]]
            name = "p{1"
            domain = "partners"
            slots = 4096
            [pipe.slave]
            mac = "02:00:00:00:00:0c"
            [pipe.slave.guest]
            program = "receive"
            verify = true
            """,
            "ptnet.toml");

        Assert.Equal((2, "sleep", "json", "debug"), (daemon.Workers, daemon.Policy, daemon.Log, daemon.LogLevel));
        Assert.Equal([0, 1], daemon.Cpus);
        Assert.Equal(new DomainSettings { Name = "partners", BufferSize = 4096, RegionId = 7 },
            Assert.Single(daemon.Domains));
        Assert.Equal(new SwitchSettings { Name = "vale0", AgeingSeconds = 60 }, Assert.Single(daemon.Switches));
        PortSettings port = Assert.Single(daemon.Ports);
        Assert.Equal(
            ("vale0:web", 4, 1024, "02:00:00:00:00:0a", "memory", true),
            (port.Name, port.Rings, port.Slots, port.Mac, port.Bar, port.AllowUnsealedMemory));
        Assert.Equal(new GuestSettings { Program = "send", Packets = 10, To = "02:00:00:00:00:0b" }, port.Guest);
        PipeSettings pipe = Assert.Single(daemon.Pipes);
        Assert.Equal(("p{1", "partners", 4096), (pipe.Name, pipe.Domain, pipe.Slots));
        Assert.Equal(new EndSettings(), pipe.Master);
        Assert.Equal(("02:00:00:00:00:0c", true), (pipe.Slave.Mac, pipe.Slave.Guest!.Verify));
    }

    [Fact]
    public void An_empty_file_is_a_daemon_with_defaults()
    {
        DaemonSettings daemon = ConfigReader.Read("", "ptnet.toml");

        Assert.Equal((0, "spin-then-sleep", 0), (daemon.Workers, daemon.Policy, daemon.Ports.Count));
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_with_their_lines_and_what_is_allowed()
    {
        ConfigException found = Assert.Throws<ConfigException>(() => ConfigReader.Read(
            """
            [daemon]
            worker = 2
            policy = "spinny"
            cpus = ["a", 1]
            [[port]]
            name = "vale0:a"
            slots = 12
            domain = "nope"
            [[port]]
            name = "vale0:a"
            bar = 3
            [[port]]
            name = "vale0:bad-name"
            [[pipe]]
            name = "p"
            [pipe.master]
            mac = "01:00:00:00:00:00"
            guest = { program = "sing" }
            [[domain]]
            name = "d"
            buffer_size = 100
            [stuff]
            """,
            "ptnet.toml"));

        Assert.Equal(
            [2, 3, 4, 7, 8, 10, 11, 13, 15, 17, 18, 21, 22], found.Problems.Select(problem => problem.Line));
        Assert.All(found.Problems, problem => Assert.Equal("ptnet.toml", problem.File));
        AssertSays(found, 2, "'worker'", "workers, cpus, policy");
        AssertSays(found, 3, "'spinny'", "spin-then-sleep, sleep, spin");
        AssertSays(found, 4, "whole numbers", "'a'");
        AssertSays(found, 7, "12", "64 to 16384");
        AssertSays(found, 8, "'nope'", "there are d");
        AssertSays(found, 10, "'vale0:a'", "line 6");
        AssertSays(found, 11, "bar", "text", "number 3");
        AssertSays(found, 13, "vale0:bad-name", "^");
        AssertSays(found, 15, "pipe");
        AssertSays(found, 17, "master.mac", "first byte");
        AssertSays(found, 18, "master.guest.program", "send, receive, echo");
        AssertSays(found, 21, "multiple of 64");
        AssertSays(found, 22, "'stuff'", "daemon, domain, switch, port, pipe");
        Assert.Contains("ptnet.toml:7: slots", found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[daemon\nworkers = 1\n", 1)]
    [InlineData("[daemon]\nworkers = 1\nworkers = 2\n", 3)]
    [InlineData("\n\nport = 3\n[[port]]\n", 4)]
    [InlineData("[[port]]\nname = \"vale0:a\n", 2)]
    public void What_is_no_TOML_is_reported_with_its_line(string text, int line)
    {
        ConfigException found = Assert.Throws<ConfigException>(() => ConfigReader.Read(text, "x.toml"));

        Assert.Contains(found.Problems, problem => problem.Line == line);
    }

    [Fact]
    public void Region_ids_and_addresses_are_taken_once()
    {
        ConfigException found = Assert.Throws<ConfigException>(() => ConfigReader.Read(
            """
            [[domain]]
            name = "a"
            region_id = 3
            [[domain]]
            name = "b"
            region_id = 3
            [[port]]
            name = "vale0:a"
            mac = "02:00:00:00:00:01"
            [[pipe]]
            name = "p{1"
            slave = { mac = "02:00:00:00:00:01" }
            """,
            "ptnet.toml"));

        Assert.Equal([6, 12], found.Problems.Select(problem => problem.Line));
    }

    private static void AssertSays(ConfigException found, int line, params string[] parts)
    {
        ConfigProblem problem = Assert.Single(found.Problems, problem => problem.Line == line);
        Assert.All(parts, part => Assert.Contains(part, problem.Text, StringComparison.Ordinal));
    }
}
