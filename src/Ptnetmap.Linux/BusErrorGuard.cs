using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>Keeps the process alive when another process takes pages of a mapped file away. An access beyond the file's
/// new end is a bus error (<c>SIGBUS</c>), which ends a process; so is one to a hole in a file of hugetlb pages while
/// the pool has no page left, and no seal forbids holes. A guarded mapping's page is replaced by an empty private one
/// there and then, and the access goes on; the mapping's owner learns of it from <see cref="HasFired"/>.
/// <para>The signal's handler is a few machine instructions in a page of their own: managed code must not run in one.
/// It looks the address up in a table, calls mmap, and hands every other bus error on to the handler that was there
/// before (the runtime's).</para></summary>
internal sealed unsafe class BusErrorGuard : IDisposable
{
    /// <summary>Most mappings that are guarded at a time.</summary>
    internal const int MaxMappings = 4096;

    private const int BusError = 7;
    private const int SigInfo = 4;
    private const int OnStack = 0x08000000;
    private const int Executable = 1 | 4;
    private const int CodeSize = 4096;
    private const int Entry = 32;
    private const int TableAt = 6;
    private const int CountAt = 15;
    private const int PreviousAt = 46;

    private static readonly Lock Gate = new();

    // Entries of start, end, fired and page size; a start of 0 is free.
    private static long* s_table;

    private readonly long* _entry;
    private bool _disposed;
    private bool _hadFired;

    private BusErrorGuard(long* entry) => _entry = entry;

    /// <summary>True on x86-64, for which the handler is written.</summary>
    internal static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>True when a page of the mapping had to be replaced.</summary>
    internal bool HasFired => _disposed ? _hadFired : Volatile.Read(ref _entry[2]) != 0;

    /// <summary>Guards a mapping until this object is disposed of, which comes before the mapping's end.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="length">Bytes, a multiple of <paramref name="pageSize"/>.</param>
    /// <param name="pageSize">Bytes of its pages: one is replaced as a whole, for the kernel cuts no hugetlb
    /// page.</param>
    /// <exception cref="LinuxException">Too many are guarded, or the handler cannot be installed.</exception>
    internal static BusErrorGuard Watch(nint address, long length, long pageSize)
    {
        lock (Gate)
        {
            if (s_table == null)
            {
                s_table = Install();
            }

            for (int i = 0; i < MaxMappings; i++)
            {
                long* entry = s_table + (i * Entry / sizeof(long));
                if (entry[0] == 0)
                {
                    // The start last: an entry counts from then on.
                    entry[2] = 0;
                    entry[3] = pageSize;
                    Volatile.Write(ref entry[1], address + length);
                    Volatile.Write(ref entry[0], address);
                    return new BusErrorGuard(entry);
                }
            }
        }

        throw new LinuxException(
            $"no more than {MaxMappings} mappings of shared memory are guarded at a time: remove ports or domains");
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (!_disposed)
            {
                // The entry is the next mapping's from here on.
                _hadFired = Volatile.Read(ref _entry[2]) != 0;
                _disposed = true;
                Volatile.Write(ref _entry[0], 0);
                Volatile.Write(ref _entry[1], 0);
            }
        }
    }

    private static long* Install()
    {
        if (!IsSupported)
        {
            throw new LinuxException("shared memory can be guarded on x86-64 only");
        }

        long* table = (long*)NativeMemory.AllocZeroed(MaxMappings, Entry);
        SignalAction previous;
        if (Libc.SigAction(BusError, null, &previous) != 0)
        {
            throw LinuxException.Last("sigaction(SIGBUS)");
        }

        nint code = Libc.Mmap(0, CodeSize, 1 | 2, 0x22, -1, 0);
        if (code == -1)
        {
            throw LinuxException.Last("mmap(SIGBUS handler)");
        }

        WriteHandler(new Span<byte>((void*)code, CodeSize), (long)table, previous.Handler);
        SignalAction mine = previous;
        mine.Handler = code;
        mine.Flags = SigInfo | OnStack;
        if (Libc.Mprotect(code, CodeSize, Executable) != 0 || Libc.SigAction(BusError, &mine, null) != 0)
        {
            throw LinuxException.Last("installing the SIGBUS handler");
        }

        return table;
    }

    // Arguments: edi signal, rsi siginfo (si_addr at 16), rdx context. Changes only registers that a function may.
    // Pages are counted from the mapping's start, which need not be a multiple of theirs.
    private static void WriteHandler(Span<byte> code, long table, nint previous)
    {
        ReadOnlySpan<byte> instructions =
        [
            0x48, 0x8B, 0x46, 0x10, // 0 mov rax, [rsi+0x10]
            0x49, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, // 4 movabs r8, table
            0xB9, 0, 0, 0, 0, // 14 mov ecx, count
            0x49, 0x83, 0x38, 0x00, // 19 next: cmp [r8], 0x0
            0x74, 0x0B, // 23 je skip
            0x49, 0x3B, 0x00, // 25 cmp rax, [r8]
            0x72, 0x06, // 28 jb skip
            0x49, 0x3B, 0x40, 0x08, // 30 cmp rax, [r8+0x8]
            0x72, 0x15, // 34 jb found
            0x49, 0x83, 0xC0, 0x20, // 36 skip: add r8, 0x20
            0xFF, 0xC9, // 40 dec ecx
            0x75, 0xE7, // 42 jne next
            0x49, 0xBB, 0, 0, 0, 0, 0, 0, 0, 0, // 44 hand on: movabs r11, previous
            0x41, 0xFF, 0xE3, // 54 jmp r11
            0x57, // 57 found: push rdi
            0x56, // 58 push rsi
            0x52, // 59 push rdx
            0x41, 0x50, // 60 push r8
            0x49, 0x8B, 0x70, 0x18, // 62 mov rsi, [r8+0x18]
            0x48, 0x89, 0xF7, // 66 mov rdi, rsi
            0x48, 0xF7, 0xDF, // 69 neg rdi
            0x49, 0x2B, 0x00, // 72 sub rax, [r8]
            0x48, 0x21, 0xC7, // 75 and rdi, rax
            0x49, 0x03, 0x38, // 78 add rdi, [r8]
            0xBA, 0x03, 0x00, 0x00, 0x00, // 81 mov edx, 0x3
            0x41, 0xBA, 0x32, 0x00, 0x00, 0x00, // 86 mov r10d, 0x32
            0x49, 0xC7, 0xC0, 0xFF, 0xFF, 0xFF, 0xFF, // 92 mov r8, 0xffffffffffffffff
            0x45, 0x31, 0xC9, // 99 xor r9d, r9d
            0xB8, 0x09, 0x00, 0x00, 0x00, // 102 mov eax, 0x9
            0x0F, 0x05, // 107 syscall
            0x41, 0x58, // 109 pop r8
            0x5A, // 111 pop rdx
            0x5E, // 112 pop rsi
            0x5F, // 113 pop rdi
            0x48, 0x85, 0xC0, // 114 test rax, rax
            0x78, 0xB5, // 117 js hand on
            0x49, 0xC7, 0x40, 0x10, 0x01, 0x00, 0x00, 0x00, // 119 mov [r8+0x10], 0x1
            0xC3, // 127 ret
        ];
        instructions.CopyTo(code);
        BinaryPrimitives.WriteInt64LittleEndian(code[TableAt..], table);
        BinaryPrimitives.WriteInt32LittleEndian(code[CountAt..], MaxMappings);
        BinaryPrimitives.WriteInt64LittleEndian(code[PreviousAt..], previous);
    }
}
