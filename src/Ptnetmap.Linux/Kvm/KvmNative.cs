using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Kvm;

/// <summary>The system calls behind KVM, one to one, and the numbers of <c>linux/kvm.h</c>. Safe under the same
/// condition as <see cref="Libc"/>: every pointer is valid, for the length of the call, for the size that its request
/// names.</summary>
internal static unsafe partial class KvmNative
{
    internal const nuint GetApiVersion = 0xAE00;
    internal const nuint CreateVm = 0xAE01;
    internal const nuint CheckExtension = 0xAE03;
    internal const nuint GetVcpuMapSize = 0xAE04;
    internal const nuint GetSupportedCpuid = 0xC008AE05;
    internal const nuint CreateVcpu = 0xAE41;
    internal const nuint SetUserMemoryRegion = 0x4020AE46;
    internal const nuint SetTssAddress = 0xAE47;
    internal const nuint IoEventFd = 0x4040AE79;
    internal const nuint Run = 0xAE80;
    internal const nuint SetRegisters = 0x4090AE82;
    internal const nuint GetSpecialRegisters = 0x8138AE83;
    internal const nuint SetSpecialRegisters = 0x4138AE84;
    internal const nuint SetSignalMask = 0x4004AE8B;
    internal const nuint SetCpuid2 = 0x4008AE90;
    internal const nuint GetTscKhz = 0xAEA3;
    internal const nuint SetXcrs = 0x4188AEA7;
    internal const nuint SetDeviceAttribute = 0x4018AEE1;

    internal const int CapIoEventFd = 36;

    internal const int ReadWrite = 0x1 | 0x2;
    internal const int Cloexec = 0x80000;

    private const long TgKillCall = 234;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int Ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    internal static partial int ThreadSignalMask(int how, ulong* set, ulong* old);

    [LibraryImport("libc", EntryPoint = "sigtimedwait", SetLastError = true)]
    internal static partial int SignalTimedWait(ulong* set, void* information, TimeSpec* timeout);

    [LibraryImport("libc", EntryPoint = "getpid")]
    internal static partial int GetProcessId();

    internal static int TgKill(int process, int thread, int signal) =>
        (int)SystemCall(TgKillCall, process, thread, signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long first, long second, long third);
}
