namespace Ptnetmap.Linux.Kvm;

/// <summary>A virtual machine: memory slots, doorbells and one vCPU. Safe as long as the memory that was added outlives
/// it: the maker disposes of the machine first.</summary>
public sealed class KvmMachine : IDisposable
{
    private const int DoorbellBytes = 4;

    private readonly KvmSystem _system;
    private readonly FileDescriptor _file;
    private uint _slots;

    internal KvmMachine(KvmSystem system, FileDescriptor file)
    {
        _system = system;
        _file = file;
    }

    /// <summary>Shows memory of this process to the guest.</summary>
    /// <param name="guestPhysical">Where in the guest's physical space, a multiple of the page size.</param>
    /// <param name="memory">Whole pages, which stay mapped as long as the machine lives.</param>
    /// <exception cref="LinuxException">KVM refused: overlapping or misaligned.</exception>
    public unsafe void AddMemory(ulong guestPhysical, MappedRange memory)
    {
        var slot = new KvmMemorySlot
        {
            Slot = _slots,
            GuestPhysicalAddress = guestPhysical,
            Size = (ulong)memory.Length,
            UserAddress = (ulong)memory.Address,
        };
        if (KvmNative.Ioctl(_file.Number, KvmNative.SetUserMemoryRegion, &slot) != 0)
        {
            throw LinuxException.Last($"KVM_SET_USER_MEMORY_REGION({memory.Length} bytes at 0x{guestPhysical:x})");
        }

        _slots++;
    }

    /// <summary>Makes a 32-bit write to <paramref name="port"/>, of any value, signal <paramref name="kick"/> without a
    /// way through user space.</summary>
    /// <exception cref="LinuxException">KVM refused.</exception>
    public unsafe void AddDoorbell(ushort port, EventFd kick)
    {
        var bell = new KvmIoEventFd
        {
            Address = port,
            Length = DoorbellBytes,
            Descriptor = kick.Descriptor.Number,
            Flags = KvmIoEventFd.Pio,
        };
        if (KvmNative.Ioctl(_file.Number, KvmNative.IoEventFd, &bell) != 0)
        {
            throw LinuxException.Last($"KVM_IOEVENTFD(port 0x{port:x})", "raise the limit on open files (ulimit -n)");
        }
    }

    /// <summary>Makes the machine's vCPU, with the CPUID that KVM supports and the TSC that the host has.</summary>
    /// <exception cref="LinuxException">KVM refused.</exception>
    public KvmVcpu CreateVcpu()
    {
        int number = KvmNative.Ioctl(_file.Number, KvmNative.CreateVcpu, 0);
        if (number < 0)
        {
            throw LinuxException.Last("KVM_CREATE_VCPU");
        }

        return KvmVcpu.Create(_system, new FileDescriptor(number));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
