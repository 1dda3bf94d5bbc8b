using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ptnetmap.Linux.Bpf;

namespace Ptnetmap.Integration.Tests.HostPorts;

/// <summary>What is left of a program on an interface when the process that attached it is killed: nothing.</summary>
public class KilledHolderTests
{
    private const int Port = 7001;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_program_goes_with_a_killed_process_and_the_kernel_has_its_interface_back()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        pair.AddAddresses();
        using UdpClient receiver = pair.RightSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, Port)));
        using UdpClient sender = pair.LeftSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 0)));
        Send(sender, 1);
        await ReceiveAsync(receiver, 1);

        using Process holder = Start($"/proc/{Environment.ProcessId}/fd/{pair.RightSpace.Descriptor.Number}");
        Assert.Equal("attached", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        uint id = pair.RightLinks.TryGet("right")!.XdpProgramId;
        Assert.Equal("peer_drop", BpfProgramInfo.TryRead(id)?.Name);
        Send(sender, 2);

        holder.Kill();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(SpinWait.SpinUntil(() => pair.RightLinks.TryGet("right")!.XdpProgramId == 0, Deadline));
        Assert.True(SpinWait.SpinUntil(() => BpfProgramInfo.TryRead(id) is null, Deadline));
        Send(sender, 3);
        await ReceiveAsync(receiver, 3);
    }

    private static Process Start(string space) => Process.Start(
        new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Ptnetmap.Peer"), ["drop", space, "right"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static void Send(UdpClient sender, byte number) =>
        sender.Send([number], new IPEndPoint(IPAddress.Parse("10.9.0.2"), Port));

    private static async Task ReceiveAsync(UdpClient receiver, byte number)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        UdpReceiveResult datagram = await receiver.ReceiveAsync(limit.Token);
        Assert.Equal([number], datagram.Buffer);
    }
}
