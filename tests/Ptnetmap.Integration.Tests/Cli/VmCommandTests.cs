using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary><c>ptnet vm</c> with a script in QEMU's place, which writes down what it is started with.</summary>
public sealed class VmCommandTests
{
    private const string Port = "[[port]]\nname = \"vale0:a\"\nslots = 64\n";

    [Theory]
    [InlineData("PORT", "vm", "args")]
    [InlineData("--memory", "vm", "args", "vale0:a", "--memory", "1")]
    [InlineData("--memory", "vm", "args", "vale0:a", "--memory", "lots")]
    [InlineData("--kernel", "vm", "run", "--initrd", "/dev/null", "--port", "vale0:a")]
    [InlineData("--disk", "vm", "run", "--port", "vale0:a")]
    [InlineData("--append", "vm", "run", "--disk", "/dev/null", "--append", "quiet", "--port", "vale0:a")]
    [InlineData("/nowhere/disk", "vm", "run", "--disk", "/nowhere/disk", "--port", "vale0:a")]
    [InlineData("/nowhere/vmlinuz", "vm", "run", "--kernel", "/nowhere/vmlinuz", "--initrd", "/dev/null",
        "--port", "vale0:a")]
    [InlineData("--accel", "vm", "run", "--kernel", "/dev/null", "--initrd", "/dev/null", "--port", "vale0:a",
        "--accel", "magic")]
    public async Task A_mistake_is_named(string named, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_is_started_with_the_daemons_arguments_and_ends_with_its_exit_code()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(Port);
        string qemu = Script(daemon, "exit 7");

        PtnetResult run =
            await daemon.Run(Run(qemu, "--memory", "1G", "--cpus", "2", "--append", "quiet", "--", "-s", "-snapshot"));

        Assert.True(run.Code == 7, run.Errors);
        string d = daemon.RunDirectory;
        string[] expected =
        [
            "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-nodefaults", "-no-user-config",
            "-display", "none",
            "-serial", "stdio", "-machine", "q35,memory-backend=mem", "-m", "1024M",
            "-object", "memory-backend-memfd,id=mem,size=1024M,share=on",
            "-device",
            $$$"""{"driver":"vfio-user-pci","id":"memdev-1","socket":{"type":"unix","path":"{{{d}}}/vale0=a.mem.sock"},"x-msg-timeout":60000}""",
            "-device",
            $$$"""{"driver":"vfio-user-pci","id":"ptnet-vale0.a","socket":{"type":"unix","path":"{{{d}}}/vale0=a.sock"},"x-msg-timeout":60000}""",
            "-kernel", "/dev/null", "-initrd", "/dev/null", "-append", "console=ttyS0 panic=-1 quiet", "-s",
            "-snapshot",
        ];
        Assert.Equal(expected,
            await File.ReadAllLinesAsync(daemon.PathOf("arguments"), TestContext.Current.CancellationToken));
        Assert.Equal(expected[12..22],
            (await daemon.Run("vm", "args", "vale0:a", "--memory", "1G")).Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_machine_boots_from_a_disk_and_a_CD_without_a_kernel_of_its_own()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(Port);
        (string disk, string second) = (daemon.PathOf("a,b"), daemon.PathOf("c"));
        await File.WriteAllTextAsync(disk, "", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(second, [.. "QFI"u8, 0xFB, 0, 0, 0, 3], TestContext.Current.CancellationToken);

        PtnetResult run = await daemon.Run(
            "vm", "run", "--disk", disk, second, "--cdrom", "/dev/null", "--port", "vale0:a", "--accel", "tcg",
            "--qemu", Script(daemon, "exit 0"));

        Assert.True(run.Code == 0, run.Errors);
        string[] arguments =
            await File.ReadAllLinesAsync(daemon.PathOf("arguments"), TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "-drive", $"if=virtio,format=raw,file={disk.Replace(",", ",,", StringComparison.Ordinal)}",
                "-drive", $"if=virtio,format=qcow2,file={second}", "-drive",
                "media=cdrom,readonly=on,format=raw,file=/dev/null",
            ],
            arguments[^6..]);
        Assert.DoesNotContain("-kernel", arguments);
        Assert.DoesNotContain("-initrd", arguments);
    }

    [Fact]
    public async Task A_QEMU_without_vfio_user_is_refused_and_it_is_said_where_to_get_one()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(Port);

        PtnetResult none = await daemon.Run(Run("/bin/true"));
        Assert.Equal(1, none.Code);
        Assert.Contains("/bin/true (from --qemu)", none.Errors, StringComparison.Ordinal);
        Assert.Contains("eng/fetch-qemu", none.Errors, StringComparison.Ordinal);
        Assert.Equal(1, (await daemon.Run(Run("/nowhere/qemu"))).Code);
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_the_daemons_to_refuse()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(Port);

        PtnetResult refused = await daemon.Run("vm", "args", "vale0:b");

        Assert.Equal(1, refused.Code);
        Assert.Contains("vale0:a", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trap 'exit 3' TERM; echo started; while :; do sleep 0.1; done")]
    [InlineData("trap '' TERM INT; echo started; while :; do sleep 0.1; done")]
    public async Task A_signal_ends_the_machine_also_one_that_does_not_want_to(string life)
    {
        using RunningDaemon daemon = await RunningDaemon.Start(Port);
        using PtnetProcess run = PtnetProcess.Start([.. Run(Script(daemon, life)), "--run-dir", daemon.RunDirectory]);
        await run.WaitForLine("started");
        var child = new PtnetChild(run.Id);

        await run.Signal("TERM");

        Assert.Equal(130, (await run.Finish()).Code);
        Assert.False(child.IsAlive);
    }

    [Fact]
    public async Task No_signal_ends_the_command_and_leaves_the_machine()
    {
        PtnetProcess.SkipWhereInterruptsAreIgnored();
        using RunningDaemon daemon = await RunningDaemon.Start(Port);
        using PtnetProcess run = PtnetProcess.Start(
            [.. Run(Script(daemon, "echo started; while :; do sleep 0.1; done")), "--run-dir", daemon.RunDirectory]);
        await run.WaitForLine("started");
        var child = new PtnetChild(run.Id);

        await run.Signal("USR1");
        await run.Signal("USR2");
        await run.Signal("ALRM");
        await run.Signal("QUIT");

        Assert.Equal(130, (await run.Finish()).Code);
        Assert.False(child.IsAlive);
    }

    private static string[] Run(string qemu, params string[] more) =>
    [
        "vm", "run", "--kernel", "/dev/null", "--initrd", "/dev/null", "--port", "vale0:a", "--accel", "tcg", "--qemu",
        qemu, .. more,
    ];

    private static string Script(RunningDaemon daemon, string life)
    {
        string path = daemon.PathOf("qemu");
        File.WriteAllText(
            path,
            $"#!/bin/sh\n[ \"$2\" = help ] && {{ echo 'name \"vfio-user-pci\", bus PCI'; exit; }}\n" +
            $"printf '%s\\n' \"$@\" >{daemon.PathOf("arguments")}\n{life}\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }
}
