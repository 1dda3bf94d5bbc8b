namespace Ptnetmap.Linux.Kvm;

/// <summary><c>/dev/kvm</c>.</summary>
public sealed class KvmSystem : IDisposable
{
    /// <summary>Where it is.</summary>
    public const string DevicePath = "/dev/kvm";

    private const int ApiVersion = 12;

    private readonly FileDescriptor _file;

    private KvmSystem(FileDescriptor file) => _file = file;

    internal FileDescriptor Device => _file;

    /// <summary>Opens the device and checks that it can do what a small machine needs.</summary>
    /// <exception cref="LinuxException">It is not there, may not be opened, or lacks something.</exception>
    public static KvmSystem Open()
    {
        int number = KvmNative.Open(DevicePath, 2 | KvmNative.Cloexec);
        if (number < 0)
        {
            throw LinuxException.Last(
                $"open({DevicePath})",
                "load the kvm_intel or kvm_amd module, or join the group that owns the device (kvm); " +
                "without it use guest threads");
        }

        var file = new FileDescriptor(number);
        int version = KvmNative.Ioctl(number, KvmNative.GetApiVersion, 0);
        if (version != ApiVersion || KvmNative.Ioctl(number, KvmNative.CheckExtension, KvmNative.CapIoEventFd) <= 0)
        {
            file.Dispose();
            throw new LinuxException($"{DevicePath}: API version {version} (12 is needed), or no KVM_CAP_IOEVENTFD");
        }

        return new KvmSystem(file);
    }

    /// <summary>Makes an empty machine.</summary>
    /// <exception cref="LinuxException">KVM refused.</exception>
    public KvmMachine CreateMachine()
    {
        int number = KvmNative.Ioctl(_file.Number, KvmNative.CreateVm, 0);
        if (number < 0)
        {
            throw LinuxException.Last("KVM_CREATE_VM", "another hypervisor may hold the CPU's virtualisation");
        }

        // Intel machines without unrestricted guests want three pages somewhere below 4 GiB; others ignore it.
        _ = KvmNative.Ioctl(number, KvmNative.SetTssAddress, unchecked((nint)0xFFFB_D000));
        return new KvmMachine(this, new FileDescriptor(number));
    }

    internal int VcpuMapSize()
    {
        int size = KvmNative.Ioctl(_file.Number, KvmNative.GetVcpuMapSize, 0);
        return size > 0 ? size : throw LinuxException.Last("KVM_GET_VCPU_MMAP_SIZE");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
