using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary>A vCPU and its shared <c>struct kvm_run</c>. One thread runs it. Safe until it is disposed of: what it
/// reads of <c>kvm_run</c> lies inside the mapping, whatever the guest did.
/// <code>
/// kvm_run  8 exit_reason  32 io: direction, size, port(34), count(36), data_offset(40)
///                         32 mmio: phys_addr, data(40), len(48), is_write(52)
/// </code></summary>
public sealed unsafe class KvmVcpu : IDisposable
{
    private const int ReasonOffset = 8;
    private const int DetailOffset = 32;
    private const int DataOffset = 40;

    private readonly FileDescriptor _file;
    private readonly MemoryMapping _mapping;
    private readonly byte* _run;

    private KvmVcpu(FileDescriptor file, MemoryMapping mapping)
    {
        _file = file;
        _mapping = mapping;
        _run = (byte*)mapping.Address;
    }

    /// <summary>Frequency of the guest's time-stamp counter in kHz; 0 when KVM does not say.</summary>
    public int TscKilohertz => Math.Max(0, KvmNative.Ioctl(_file.Number, KvmNative.GetTscKhz, 0));

    /// <summary>True when the guest's <c>rdtsc</c> was set to be the host's.</summary>
    public bool HasHostTsc { get; private init; }

    /// <summary>The error of the last <see cref="Run"/> that failed.</summary>
    public int LastErrno { get; private set; }

    /// <summary>After <see cref="KvmExitReason.Io"/>: the port.</summary>
    public ushort IoPort => *(ushort*)(_run + DetailOffset + 2);

    /// <summary>After <see cref="KvmExitReason.Io"/>: true for <c>out</c>.</summary>
    public bool IoIsWrite => _run[DetailOffset] == 1;

    /// <summary>After <see cref="KvmExitReason.Mmio"/>: the guest-physical address.</summary>
    public ulong MmioAddress => *(ulong*)(_run + DetailOffset);

    /// <summary>After <see cref="KvmExitReason.Mmio"/>: true for a store.</summary>
    public bool MmioIsWrite => _run[DetailOffset + 20] != 0;

    /// <summary>After <see cref="KvmExitReason.InternalError"/> or <see cref="KvmExitReason.FailEntry"/>: KVM's
    /// detail.</summary>
    public ulong FailureDetail => *(ulong*)(_run + DetailOffset);

    internal static KvmVcpu Create(KvmSystem system, FileDescriptor file)
    {
        MemoryMapping? mapping = null;
        try
        {
            mapping = MemoryMapping.Map(file, system.VcpuMapSize());
            KvmCpuid.Copy(system.Device, file);

            // Offset 0 makes stamps of two guests comparable. A KVM that cannot do it gives the guest the host's
            // counter anyway, or a shifted one: then only differences inside one guest mean something.
            ulong offset = 0;
            var attribute = new KvmDeviceAttribute { Address = (ulong)&offset };
            bool hostTsc = KvmNative.Ioctl(file.Number, KvmNative.SetDeviceAttribute, &attribute) == 0;
            return new KvmVcpu(file, mapping) { HasHostTsc = hostTsc };
        }
        catch
        {
            mapping?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Sets 64-bit long mode at privilege level 3, with port access and AVX, at <paramref name="entry"/>.
    /// Level 3 from the first instruction on: a software hypervisor runs it natively, hardware does not mind. Level 0
    /// is for finding out whether it minds that.</summary>
    /// <exception cref="LinuxException">The CPU has no AVX, or KVM refused.</exception>
    public void Reset(KvmEntryState entry)
    {
        KvmSpecialRegisters special;
        Check(KvmNative.Ioctl(_file.Number, KvmNative.GetSpecialRegisters, &special), "KVM_GET_SREGS");
        special.Cs = entry.IsKernel ? KvmSegment.KernelCode : KvmSegment.UserCode;
        special.Ds = special.Es = special.Fs = special.Gs = special.Ss =
            entry.IsKernel ? KvmSegment.KernelData : KvmSegment.UserData;
        special.Tr = KvmTaskState.At(entry.TaskState);
        special.Cr0 = 0x8005_0033;
        special.Cr3 = entry.PageTableRoot;
        special.Cr4 = 0x4_0620;
        special.Efer = 0xD01;
        Check(KvmNative.Ioctl(_file.Number, KvmNative.SetSpecialRegisters, &special), "KVM_SET_SREGS");

        // struct kvm_xcrs: a count, flags, then (number, 0, value): XCR0 = x87 | SSE | AVX.
        ulong* xcrs = stackalloc ulong[49];
        new Span<ulong>(xcrs, 49).Clear();
        xcrs[0] = 1;
        xcrs[2] = 7;
        Check(KvmNative.Ioctl(_file.Number, KvmNative.SetXcrs, xcrs), "KVM_SET_XCRS(AVX)");

        var registers = new KvmRegisters { Rip = entry.EntryPoint, Rsp = entry.StackPointer, Rflags = 0x3002 };
        Check(KvmNative.Ioctl(_file.Number, KvmNative.SetRegisters, &registers), "KVM_SET_REGS");
    }

    /// <summary>Lets <see cref="VcpuSignal"/>, which the vCPU's thread blocks, through while the guest runs.</summary>
    /// <exception cref="LinuxException">KVM refused.</exception>
    public void UnblockSignalWhileRunning()
    {
        // struct kvm_signal_mask: length of the kernel's set (8), then the set, not aligned.
        byte* mask = stackalloc byte[12];
        *(uint*)mask = sizeof(ulong);
        *(ulong*)(mask + 4) = VcpuSignal.ThreadMask() & ~VcpuSignal.Mask;
        Check(KvmNative.Ioctl(_file.Number, KvmNative.SetSignalMask, mask), "KVM_SET_SIGNAL_MASK");
    }

    /// <summary>Runs the guest until something wants user space. Never throws.</summary>
    public KvmExitReason Run()
    {
        if (KvmNative.Ioctl(_file.Number, KvmNative.Run, 0) == 0)
        {
            return (KvmExitReason)(*(uint*)(_run + ReasonOffset));
        }

        LastErrno = Marshal.GetLastPInvokeError();
        return LastErrno is Libc.EIntr or Libc.EAgain ? KvmExitReason.Interrupted : KvmExitReason.Failed;
    }

    /// <summary>Answers a load from an address without memory, as a bus without a device does: all ones.</summary>
    public void AnswerMmioWithOnes() => *(ulong*)(_run + DataOffset) = ulong.MaxValue;

    /// <inheritdoc/>
    public void Dispose()
    {
        _mapping.Dispose();
        _file.Dispose();
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw LinuxException.Last(call, "the CPU must be x86-64 with AVX2");
        }
    }
}
