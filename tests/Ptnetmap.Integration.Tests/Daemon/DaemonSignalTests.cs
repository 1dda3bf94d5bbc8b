using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

public sealed class DaemonSignalTests
{
    [Fact]
    public async Task A_second_signal_right_after_the_first_changes_nothing()
    {
        using RunningDaemon daemon = await RunningDaemon.Start("[[port]]\nname = \"vale0:a\"\nslots = 64\n");

        await daemon.Process.SignalTwice("TERM");
        PtnetResult ended = await daemon.Process.Finish();

        Assert.Equal(0, ended.Code);
        Assert.Contains("stopping", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(daemon.RunDirectory), ended.Errors);
    }

    [Fact]
    public async Task A_terminal_that_goes_does_not_take_the_daemon_along()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();

        await daemon.Process.Signal("HUP");
        _ = await daemon.Ptnet("port", "ls");
        PtnetResult ended = await daemon.Stop();

        Assert.Equal(0, ended.Code);
        Assert.Contains("SIGHUP does nothing", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(daemon.RunDirectory), ended.Errors);
    }

    [Fact]
    public async Task A_signal_sent_by_mistake_does_not_end_the_daemon_and_SIGQUIT_ends_it_in_good_order()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();

        foreach (string signal in (string[])["USR1", "USR2", "ALRM"])
        {
            await daemon.Process.Signal(signal);
        }

        _ = await daemon.Ptnet("port", "ls");
        await daemon.Process.Signal("QUIT");
        PtnetResult ended = await daemon.Process.Finish();

        Assert.Equal(0, ended.Code);
        Assert.Contains("stopping", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(daemon.RunDirectory), ended.Errors);
    }

    [Fact]
    public async Task A_run_that_is_told_to_end_twice_at_a_time_says_what_it_measured()
    {
        using PtnetProcess demo = PtnetProcess.Start("demo", "--seconds", "600", "--guests", "thread");
        await demo.WaitForLine("Mpps");

        await demo.SignalTwice("TERM");
        PtnetResult ended = await demo.Finish();

        Assert.Equal((130, ""), (ended.Code, ended.Errors));
        Assert.Contains("Stopped", ended.Output, StringComparison.Ordinal);
    }
}
