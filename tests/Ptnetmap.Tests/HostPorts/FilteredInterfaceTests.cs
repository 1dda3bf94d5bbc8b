using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>An interface whose frames go to a socket in part, with the kernel's own sockets at both ends of the
/// wire.</summary>
public class FilteredInterfaceTests
{
    private const int Taken = 7001;
    private const int Left = 7002;
    private const uint Buffers = 64;
    private const uint BufferSize = 2112;
    private const int UdpPortInFrame = 14 + 20 + 2;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(XdpAttachMode.Driver)]
    [InlineData(XdpAttachMode.Generic)]
    public async Task What_the_filter_takes_comes_by_the_socket_and_the_rest_by_the_kernel(XdpAttachMode mode)
    {
        Needs.Xdp();
        using var pair = new VethPair();
        pair.AddAddresses();
        using MemoryMapping memory =
            MemoryMapping.Map(MemFd.CreateSealed("filtered", Buffers * BufferSize), Buffers * BufferSize);
        var umem = new XdpUmem(memory.Address, Buffers, BufferSize);
        using XdpProgram program = XdpProgram.Load(NicFilter.Parse($"udp={Taken}"), queues: 1);
        using XdpSocket socket = pair.RightSpace.Run(
            () => XdpSocket.Open(umem, new XdpSocketOptions { InterfaceIndex = pair.Right, Queue = 0 }));
        socket.Fill.Write(0, umem.FillAddress(9));
        socket.Fill.SubmitRelease(1);
        program.SetSocket(0, socket.Descriptor);
        using BpfLink link = pair.RightSpace.Run(() => BpfLink.AttachXdp(program.Program, pair.Right, mode));
        using UdpClient left = pair.RightSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, Left)));
        using UdpClient taken = pair.RightSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, Taken)));
        using UdpClient sender = pair.LeftSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 0)));

        sender.Send([1], new IPEndPoint(IPAddress.Parse("10.9.0.2"), Taken));
        sender.Send([2], new IPEndPoint(IPAddress.Parse("10.9.0.2"), Left));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        Assert.Equal([2], (await left.ReceiveAsync(limit.Token)).Buffer);
        Assert.Equal(0, Poll.WaitAny([socket.Descriptor.Number], Deadline));
        Assert.Equal(1u, socket.Receive.AvailableAcquire(1));
        CheckFrame(umem, socket.Receive.Read(0), memory);
        Assert.Equal(0, taken.Available);
        Assert.Equal(1ul, program.ReadCounters().Redirected);
        Assert.True(program.ReadCounters().Filtered >= 1);
    }

    private static void CheckFrame(XdpUmem umem, XdpDescriptor received, MemoryMapping memory)
    {
        Assert.Equal(9u, umem.BufferOf(received.Address));
        ReadOnlySpan<byte> frame = memory.Span[(int)received.FrameAddress..];
        Assert.Equal(Taken, BinaryPrimitives.ReadUInt16BigEndian(frame[UdpPortInFrame..]));
    }
}
