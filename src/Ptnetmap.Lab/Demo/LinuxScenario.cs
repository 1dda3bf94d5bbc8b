using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Lab.Beds;

namespace Ptnetmap.Lab.Demo;

/// <summary>One part of the demonstration with Linux guests: what the daemon serves, and which port each guest has.</summary>
/// <param name="Name">Its name in tables and JSON.</param>
/// <param name="Story">What one is about to see.</param>
/// <param name="Via">What connects the guests.</param>
/// <param name="Settings">The daemon's.</param>
/// <param name="SenderPort">The port of the guest that sends.</param>
/// <param name="ReceiverPort">The port of the guest that receives.</param>
public sealed record LinuxScenario(
    string Name, string Story, Via Via, DaemonSettings Settings, string SenderPort, string ReceiverPort)
{
    /// <summary>Bytes of a frame, without Ethernet's checksum.</summary>
    public const int Frame = 60;

    /// <summary>Slots a ring.</summary>
    public const int Slots = 4096;

    // Linux guests take registers in memory, where a kick is a store and no system call.
    private const string Bar = "memory";

    private static readonly DaemonSettings Quiet = new() { LogLevel = "warning" };

    /// <summary>The receiver's address, as the switch's table has it.</summary>
    public static MacAddress Receiver => MacAddress.Local(2);

    private static MacAddress Sender => MacAddress.Local(1);

    /// <summary>Strangers, then partners.</summary>
    public static IReadOnlyList<LinuxScenario> All { get; } =
    [
        new(
            "strangers",
            "1. Strangers. Each VM has a memory region of its own, which is the only memory of the host that it sees.\n" +
            "   A VALE switch looks up each frame's destination and copies the frame across.",
            Via.Vale,
            Quiet with
            {
                Ports =
                [
                    new PortSettings { Name = "vale0:sender", Mac = Sender.ToString(), Bar = Bar, Slots = Slots },
                    new PortSettings { Name = "vale0:receiver", Mac = Receiver.ToString(), Bar = Bar, Slots = Slots },
                ],
            },
            "vale0:sender",
            "vale0:receiver"),
        new(
            "partners",
            "2. Partners. Both VMs trust each other and have one region as a device. A pipe hands over the buffers\n" +
            "   themselves: not a byte of a frame is copied.",
            Via.Pipe,
            Quiet with
            {
                Pipes =
                [
                    new PipeSettings
                    {
                        Name = "demo{1",
                        Slots = Slots,
                        Master = new EndSettings { Mac = Sender.ToString(), Bar = Bar },
                        Slave = new EndSettings { Mac = Receiver.ToString(), Bar = Bar },
                    },
                ],
            },
            "demo{1",
            "demo}1"),
    ];
}
