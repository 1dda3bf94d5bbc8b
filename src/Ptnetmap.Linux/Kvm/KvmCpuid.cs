namespace Ptnetmap.Linux.Kvm;

/// <summary>The CPUID of a vCPU: what KVM supports on this machine, unchanged.</summary>
internal static unsafe class KvmCpuid
{
    // struct kvm_cpuid2: a count and padding, then 40-byte entries. KVM has fewer than 100 of them today.
    private const int MaxEntries = 256;
    private const int HeaderSize = 8;
    private const int EntrySize = 40;

    internal static void Copy(FileDescriptor device, FileDescriptor vcpu)
    {
        byte[] table = new byte[HeaderSize + (MaxEntries * EntrySize)];
        fixed (byte* first = table)
        {
            *(uint*)first = MaxEntries;
            if (KvmNative.Ioctl(device.Number, KvmNative.GetSupportedCpuid, first) != 0)
            {
                throw LinuxException.Last("KVM_GET_SUPPORTED_CPUID");
            }

            if (KvmNative.Ioctl(vcpu.Number, KvmNative.SetCpuid2, first) != 0)
            {
                throw LinuxException.Last("KVM_SET_CPUID2");
            }
        }
    }
}
