using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.Linux.Xdp;

/// <summary>One end of a veth pair with sockets on its queues and a program that redirects to them.</summary>
internal sealed class XdpEnd : IDisposable
{
    internal const uint Buffers = 256;
    internal const uint BufferSize = 2112;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly MemoryMapping _memory =
        MemoryMapping.Map(MemFd.CreateSealed("xdp-end", Buffers * BufferSize), Buffers * BufferSize);
    private readonly BpfMap _sockets = BpfMap.Create("test_socks", BpfMapKind.XskMap, sizeof(int), 8);
    private readonly BpfProgram _program;
    private readonly BpfLink _link;

    internal XdpEnd(NetworkNamespace space, int interfaceIndex, int queues = 1,
        XdpAttachMode mode = XdpAttachMode.Driver, bool share = true)
    {
        Umem = new XdpUmem(_memory.Address, Buffers, BufferSize);
        _program = Redirect(_sockets);
        List<XdpSocket> sockets = [];
        _link = space.Run(() =>
        {
            for (int queue = 0; queue < queues; queue++)
            {
                sockets.Add(XdpSocket.Open(Umem, new XdpSocketOptions
                {
                    InterfaceIndex = interfaceIndex,
                    Queue = queue,
                    ReceiveSlots = 64,
                    TransmitSlots = 64,
                    FillSlots = 64,
                    CompletionSlots = 64,
                    ShareWith = share ? sockets.FirstOrDefault() : null,
                }));
                _sockets.SetDescriptor((uint)queue, sockets[queue].Descriptor);
            }

            return BpfLink.AttachXdp(_program, interfaceIndex, mode);
        });
        Sockets = sockets;
    }

    internal XdpUmem Umem { get; }

    internal IReadOnlyList<XdpSocket> Sockets { get; }

    internal Span<byte> Memory => _memory.Span;

    internal Span<byte> Buffer(uint buffer) => Memory.Slice((int)(buffer * BufferSize), (int)BufferSize);

    /// <summary>A program that redirects every frame to the socket of its queue.</summary>
    internal static BpfProgram Redirect(BpfMap sockets)
    {
        const int QueueIndexInContext = 16;
        var assembler = new BpfAssembler();
        assembler.LoadFrom(BpfSize.Word, BpfRegister.R2, BpfRegister.R1, QueueIndexInContext);
        assembler.LoadMap(BpfRegister.R1, sockets);
        assembler.Move(BpfRegister.R3, (int)XdpAction.Pass);
        assembler.Call(BpfHelper.RedirectMap);
        assembler.Exit();
        return BpfProgram.LoadXdp("test_redirect", assembler.Assemble());
    }

    /// <summary>Lets a queue receive into these buffers.</summary>
    internal void Fill(int queue, params ReadOnlySpan<uint> buffers)
    {
        XdpProducerRing<ulong> fill = Sockets[queue].Fill;
        Assert.True(fill.Free((uint)buffers.Length) >= buffers.Length);
        for (int i = 0; i < buffers.Length; i++)
        {
            fill.Write((uint)i, Umem.FillAddress(buffers[i]));
        }

        fill.SubmitRelease((uint)buffers.Length);
    }

    /// <summary>Sends a buffer's first bytes on a queue, and waits until the kernel has given it back.</summary>
    internal void Send(int queue, uint buffer, uint length)
    {
        XdpSocket socket = Sockets[queue];
        socket.Transmit.Write(0, new XdpDescriptor(Umem.BufferAddress(buffer), length));
        socket.Transmit.SubmitRelease(1);
        Assert.True(socket.Transmit.NeedsWakeUpFenced());
        Assert.Equal(XdpWakeResult.Done, socket.WakeTransmit());
        Assert.True(SpinWait.SpinUntil(() => socket.Completion.AvailableAcquire(1) == 1, Deadline));
        Assert.Equal(buffer, Umem.BufferOf(socket.Completion.Read(0)));
        socket.Completion.ReleaseConsumed(1);
    }

    /// <summary>Waits for the next frame of a queue and takes it.</summary>
    internal XdpDescriptor Receive(int queue)
    {
        XdpSocket socket = Sockets[queue];
        Assert.Equal(0, Poll.WaitAny([socket.Descriptor.Number], Deadline));
        Assert.True(socket.Receive.AvailableAcquire(1) >= 1);
        XdpDescriptor received = socket.Receive.Read(0);
        socket.Receive.ReleaseConsumed(1);
        return received;
    }

    public void Dispose()
    {
        _link.Dispose();
        foreach (XdpSocket socket in Sockets)
        {
            socket.Dispose();
        }

        _program.Dispose();
        _sockets.Dispose();
        _memory.Dispose();
    }
}
