using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

/// <summary>A client whose memory can be cut off under the daemon: refused, or survived.</summary>
public sealed class UnsealedMemoryTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly FileStream _file;
    private readonly FileDescriptor _descriptor;

    public UnsealedMemoryTests()
    {
        _file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _file.SetLength(GuestRam.Size);
        _descriptor = new FileDescriptor((int)_file.SafeFileHandle.DangerousGetHandle(), owns: false);
    }

    public void Dispose()
    {
        _descriptor.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void It_is_refused_by_default()
    {
        using var bed = new QemuBed();
        using var client = new HandClient(bed.Ptnet);
        Assert.Equal(Errno.Fault, TryStart(client));
        Assert.False(bed.Ptnet.IsRunning);
    }

    [Fact]
    public void When_it_is_allowed_and_cut_off_the_guest_loses_its_CSB_and_nobody_else_anything()
    {
        using var bed = new QemuBed(change: options => options with { AllowUnsealedMemory = true });
        using var client = new HandClient(bed.Ptnet);
        Assert.Equal(Errno.None, TryStart(client));
        Assert.True(bed.Ptnet.IsRunning);

        // Both pages are gone: every look of the workers at them is a bus error now.
        _file.SetLength(0);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Errno.None, client.SetRegister(128, 1));
            Assert.Equal(Errno.None, client.SetRegister(132, 1));
        }

        Assert.Equal(Errno.None, client.SetRegister(4, 2));
        Assert.False(bed.Ptnet.IsRunning);
        Assert.Equal(Errno.Fault, client.SetRegister(64, (uint)GuestRam.KtoaAt));
        client.Dispose();

        // The port works on, with a client that behaves.
        using var ram = new GuestRam();
        using var next = new HandClient(bed.Ptnet);
        Assert.Equal(Errno.None, TryStart(next, ram.File));
    }

    private Errno TryStart(HandClient client, FileDescriptor? file = null)
    {
        Assert.Equal(Errno.None, client.Map(GuestRam.Base, (ulong)GuestRam.Size, file ?? _descriptor));
        _ = client.SetRegister(56, (uint)GuestRam.AtokAt);
        _ = client.SetRegister(64, (uint)GuestRam.KtoaAt);
        return client.SetRegister(4, 1);
    }
}
