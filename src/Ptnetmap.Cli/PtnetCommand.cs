using System.CommandLine;
using System.CommandLine.Help;
using Ptnetmap.Cli.Bench;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Control;
using Ptnetmap.Cli.Doctor;
using Ptnetmap.Cli.GuestCommands;
using Ptnetmap.Cli.Vm;

namespace Ptnetmap.Cli;

/// <summary>The whole command line of <c>ptnet</c>.</summary>
internal static class PtnetCommand
{
    private const int HelpWidth = 110;

    private const string Lesson =
        """
        Start here:
          ptnet doctor                     is this machine ready, and what would help?
          ptnet demo                       two VMs exchange packets, first as strangers, then as partners (15 s)
          ptnet bench v2v --via pipe       packets a second from one VM to another
          ptnet up                         the daemon that holds ports, pipes and switches; 'ptnet port add' and the
                                           like speak to it
          ptnet bench COMMAND --help       what a measurement means, and why its defaults are what they are

        Exit codes: 0 done, 1 failed or refused, 2 wrong command line or configuration file, 130 stopped by Ctrl-C.
        """;

    internal static RootCommand Create()
    {
        var root = new RootCommand(
            "ptnetmap in user space: netmap ports passed through to virtual machines, without a kernel module.")
        {
            DemoCommand.Create(),
            BenchCommand.Create(),
            DoctorCommand.Create(),
            UpCommand.Create(),
            PortCommand.Create(),
            PipeCommand.Create(),
            BridgeCommand.Create(),
            DomainCommand.Create(),
            SwitchCommand.Create(),
            StatsCommand.Create(),
            VmCommand.Create(),
            RunDirOption.Option,
            GuestCommand.Create(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().First();
        help.Description = "Show this help";
        help.Action = new TeachingHelp(new HelpAction { MaxWidth = HelpWidth }, Lesson);
        return root;
    }
}
