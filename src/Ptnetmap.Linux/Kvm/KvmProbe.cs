using System.Diagnostics;

namespace Ptnetmap.Linux.Kvm;

/// <summary>Says whether virtual machines work here, by running one for some milliseconds.</summary>
public static class KvmProbe
{
    private const int TablesSize = 0x4000;
    private const ulong CodeAddress = 0x20_0000;
    private const int CodeSize = 4096;
    private const ulong TaskStateAddress = CodeAddress + CodeSize;
    private const int MemorySize = CodeSize + KvmTaskState.Size;
    private const int ExitRounds = 100;

    // An emulated loop turn takes microseconds: a thousand tell, and cost milliseconds where it is emulated.
    private const uint FirstTurns = 1000;
    private const uint Turns = 4_000_000;
    private const double NativeLimit = 50;

    // The count is an immediate that the host patches while the guest is out:
    //   0: B9 imm32   mov ecx, imm32
    //   5: 48 FF C9   dec rcx
    //   8: 75 FB      jnz 5
    //  10: EF         out dx, eax
    //  11: EB F3      jmp 0
    private static ReadOnlySpan<byte> Loop => [0xB9, 1, 0, 0, 0, 0x48, 0xFF, 0xC9, 0x75, 0xFB, 0xEF, 0xEB, 0xF3];

    /// <summary>Looks and measures. Never throws.</summary>
    /// <param name="asKernel">At privilege level 0, where an operating system's kernel runs: a software hypervisor may
    /// run programs natively and still emulate every instruction of a kernel.</param>
    public static KvmProbeResult Run(bool asKernel = false)
    {
        if (!File.Exists(KvmSystem.DevicePath))
        {
            return new KvmProbeResult(
                false, false, false, 0, 0,
                $"no {KvmSystem.DevicePath}: load kvm_intel or kvm_amd, or use guest threads");
        }

        try
        {
            return Measure(asKernel);
        }
        catch (LinuxException problem)
        {
            return new KvmProbeResult(true, false, false, 0, 0, problem.Message);
        }
    }

    private static KvmProbeResult Measure(bool asKernel)
    {
        using FileDescriptor tablesFile = MemFd.CreateSealed("ptnet-probe-tables", TablesSize);
        using MemoryMapping tables = MemoryMapping.Map(tablesFile, TablesSize);
        using FileDescriptor codeFile = MemFd.CreateSealed("ptnet-probe-code", MemorySize);
        using MemoryMapping code = MemoryMapping.Map(codeFile, MemorySize);
        var pages = new KvmPageTables(tables, 0);
        pages.Map(CodeAddress, MemorySize);
        Loop.CopyTo(code.Span);
        KvmTaskState.Initialise(code.Span[CodeSize..]);

        using KvmSystem system = KvmSystem.Open();
        using KvmMachine machine = system.CreateMachine();
        machine.AddMemory(0, tables.Range.Slice(0, TablesSize));
        machine.AddMemory(CodeAddress, code.Range.Slice(0, MemorySize));
        using KvmVcpu vcpu = machine.CreateVcpu();
        vcpu.Reset(
            new KvmEntryState(pages.Root, TaskStateAddress, CodeAddress, TaskStateAddress) { IsKernel = asKernel });

        _ = TimeOf(vcpu, code, 1);
        double exit = BestOf(vcpu, code, 1, ExitRounds);
        double turn = (BestOf(vcpu, code, FirstTurns, 3) - exit) / FirstTurns;
        if (turn < NativeLimit)
        {
            turn = BestOf(vcpu, code, Turns, 3) / Turns;
        }

        bool native = turn < NativeLimit;
        string? problem = native ? null
            : asKernel ? $"kernels are emulated here ({turn:F0} ns a loop turn at privilege level 0)"
            : $"guests are emulated here ({turn:F0} ns a loop turn): use guest threads";
        return new KvmProbeResult(true, true, native, turn, exit / 1000, problem);
    }

    private static double BestOf(KvmVcpu vcpu, MemoryMapping code, uint turns, int rounds)
    {
        double best = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            best = Math.Min(best, TimeOf(vcpu, code, turns));
        }

        return best;
    }

    private static double TimeOf(KvmVcpu vcpu, MemoryMapping code, uint turns)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(code.Span[1..], turns);
        long start = Stopwatch.GetTimestamp();
        KvmExitReason reason;
        do
        {
            reason = vcpu.Run();
        }
        while (reason == KvmExitReason.Interrupted);

        double elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        return reason == KvmExitReason.Io
            ? elapsed
            : throw new LinuxException($"a guest of 13 bytes ended with {reason} (detail 0x{vcpu.FailureDetail:x})");
    }
}
