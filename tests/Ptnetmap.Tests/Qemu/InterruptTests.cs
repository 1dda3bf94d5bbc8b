using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Linux;

namespace Ptnetmap.Tests.Qemu;

/// <summary>DEVICE_SET_IRQS in its forms, and the pin.</summary>
public sealed class InterruptTests : IDisposable
{
    private readonly QemuBed _bed = new(ringPairs: 2);
    private readonly HandClient _client;
    private readonly EventFd[] _fds = [new(), new(), new(), new()];

    public InterruptTests() => _client = new HandClient(_bed.Ptnet);

    public void Dispose()
    {
        _client.Dispose();
        Array.ForEach(_fds, fd => fd.Dispose());
        _bed.Dispose();
    }

    [Fact]
    public void Vectors_are_set_in_parts_signalled_and_taken_away()
    {
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 1).Errno);
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 3, null, Descriptors(0, 3)).Errno);
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 3, 1, null, Descriptors(3, 1)).Errno);
        Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Msix, 1, 2).Errno);
        Assert.Equal([false, true, true, false], _fds.Select(fd => fd.TryConsume()));
        Assert.Equal(Errno.None, _client.SetIrqs(0x22, IrqIndex.Msix, 0, 4, [1, 0, 0, 1]).Errno);
        Assert.Equal([true, false, false, true], _fds.Select(fd => fd.TryConsume()));

        // Taken away: what is signalled waits for the next eventfd.
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 2, 1).Errno);
        Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Msix, 2, 1).Errno);
        Assert.False(_fds[2].TryConsume());
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Msix, 2, 1, null, Descriptors(2, 1)).Errno);
        Assert.True(_fds[2].TryConsume());

        Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Msix, 0, 0).Errno);
        Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Msix, 0, 4).Errno);
        Assert.DoesNotContain(_fds, fd => fd.TryConsume());
    }

    [Theory]
    [InlineData(0x24u, IrqIndex.Msix, 0u, 5u)]
    [InlineData(0x24u, IrqIndex.Msix, 4u, 1u)]
    [InlineData(0x24u, IrqIndex.Msix, uint.MaxValue, 2u)]
    [InlineData(0x24u, IrqIndex.Msix, 1u, uint.MaxValue)]
    [InlineData(0x24u, IrqIndex.Msix, 0u, 0u)]
    [InlineData(0x22u, IrqIndex.Msix, 0u, 2u)]
    [InlineData(0x20u, IrqIndex.Msix, 0u, 1u)]
    [InlineData(0x27u, IrqIndex.Msix, 0u, 1u)]
    [InlineData(0x39u, IrqIndex.Msix, 0u, 1u)]
    [InlineData(0x09u, IrqIndex.Msix, 0u, 1u)]
    [InlineData(0x14u, IrqIndex.Intx, 0u, 1u)]
    [InlineData(0x24u, IrqIndex.Intx, 0u, 2u)]
    [InlineData(0x24u, IrqIndex.Error, 0u, 1u)]
    [InlineData(0x21u, IrqIndex.Msi, 0u, 1u)]
    [InlineData(0x21u, (IrqIndex)77, 0u, 1u)]
    public void Absurd_settings_are_refused(uint flags, IrqIndex index, uint start, uint count) =>
        Assert.Equal(Errno.Invalid, _client.SetIrqs(flags, index, start, count).Errno);

    [Fact]
    public void Too_few_descriptors_and_other_files_are_refused()
    {
        Assert.Equal(Errno.Invalid, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 3, null, Descriptors(0, 2)).Errno);
        using FileDescriptor file = MemFd.CreateSealed("no-eventfd", 4096);
        Assert.Equal(Errno.Invalid, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 1, null, file).Errno);
        Assert.Equal(Errno.Invalid, _client.SetIrqs(0x24, IrqIndex.Intx, 0, 1, null, file).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.DeviceSetIrqs, new byte[19]).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.DeviceSetIrqs, new byte[20]).Errno);
    }

    [Theory]
    [InlineData(IrqIndex.Msix)]
    [InlineData(IrqIndex.Intx)]
    public async Task A_client_that_has_its_eventfd_full_and_blocking_does_not_block_us(IrqIndex kind)
    {
        if (!EventFd.CanSignalShared)
        {
            Assert.Skip("no asynchronous I/O here (io_setup)");
        }

        Assert.Equal(Errno.None, _client.SetIrqs(0x24, kind, 0, 1, null, Descriptors(0, 1)).Errno);
        EventFdTests.Fill(_fds[0]);
        Task signal = Task.Run(
            () =>
            {
                Assert.Equal(Errno.None, _client.SetIrqs(0x21, kind, 0, 1).Errno);
                _bed.Ptnet.Serve();
            },
            TestContext.Current.CancellationToken);
        await signal.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_pin_is_up_until_the_guest_has_read_its_status()
    {
        Assert.Equal(Errno.None, _client.SetIrqs(0x24, IrqIndex.Intx, 0, 1, null, Descriptors(0, 1)).Errno);
        Assert.Equal(Errno.None, _client.SetIrqs(0x21, IrqIndex.Intx, 0, 1).Errno);
        Assert.True(_bed.Ptnet.Attention.Wait(TimeSpan.Zero) is var raised && raised);
        _bed.Ptnet.Attention.Signal();
        _bed.Ptnet.Serve();
        Assert.True(_fds[0].TryConsume());
        Assert.Equal(8, _client.Read(7, 6, 1)[0] & 8);

        // It masks itself; unmasked without the guest having looked, it fires again.
        _bed.Ptnet.Attention.Signal();
        _bed.Ptnet.Serve();
        Assert.False(_fds[0].TryConsume());
        Assert.Equal(Errno.None, _client.SetIrqs(0x11, IrqIndex.Intx, 0, 1).Errno);
        Assert.True(_fds[0].TryConsume());
        Assert.Equal((1u, 0u), (_client.Register(124), _client.Register(124)));
        Assert.Equal(0, _client.Read(7, 6, 1)[0] & 8);
        Assert.Equal(Errno.None, _client.SetIrqs(0x11, IrqIndex.Intx, 0, 1).Errno);
        Assert.False(_fds[0].TryConsume());
    }

    private FileDescriptor[] Descriptors(int first, int count) =>
        [.. _fds.Skip(first).Take(count).Select(fd => fd.Descriptor)];
}
