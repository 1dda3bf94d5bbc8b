using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using static Ptnetmap.Linux.Bpf.BpfRegister;

namespace Ptnetmap.Tests.Linux.Bpf;

public class BpfAssemblerTests
{
    private static readonly Dictionary<string, Action<BpfAssembler>> Emitters = new(StringComparer.Ordinal)
    {
        ["r1 += r2"] = code => code.Compute(BpfOperation.Add, R1, R2),
        ["r1 -= 5"] = code => code.Compute(BpfOperation.Subtract, R1, 5),
        ["r9 |= -1"] = code => code.Compute(BpfOperation.Or, R9, -1),
        ["r3 &= r4"] = code => code.Compute(BpfOperation.And, R3, R4),
        ["r2 <<= 2"] = code => code.Compute(BpfOperation.ShiftLeft, R2, 2),
        ["r2 >>= r0"] = code => code.Compute(BpfOperation.ShiftRight, R2, R0),
        ["r6 = r1"] = code => code.Move(R6, R1),
        ["r0 = 2"] = code => code.Move(R0, 2),
        ["r1 = *(u8*)(r2 + 3)"] = code => code.LoadFrom(BpfSize.Byte, R1, R2, 3),
        ["r1 = *(u16*)(r2 - 2)"] = code => code.LoadFrom(BpfSize.Half, R1, R2, -2),
        ["r7 = *(u32*)(r6 + 4)"] = code => code.LoadFrom(BpfSize.Word, R7, R6, 4),
        ["r1 = *(u64*)(r0 + 0)"] = code => code.LoadFrom(BpfSize.Double, R1, R0, 0),
        ["*(u32*)(r10 - 4) = r1"] = code => code.StoreTo(BpfSize.Word, R10, -4, R1),
        ["call 51"] = code => code.Call(BpfHelper.RedirectMap),
        ["exit"] = code => code.Exit(),
    };

    private static readonly Dictionary<string, Action<BpfAssembler, BpfLabel>> Jumps = new(StringComparer.Ordinal)
    {
        ["goto"] = (code, label) => code.Jump(label),
        ["if r1 == r2"] = (code, label) => code.JumpIf(BpfCondition.Equal, R1, R2, label),
        ["if r1 > 9"] = (code, label) => code.JumpIf(BpfCondition.Greater, R1, 9, label),
        ["if r1 >= 9"] = (code, label) => code.JumpIf(BpfCondition.GreaterOrEqual, R1, 9, label),
        ["if r1 & 9"] = (code, label) => code.JumpIf(BpfCondition.AnyBit, R1, 9, label),
        ["if r1 != r2"] = (code, label) => code.JumpIf(BpfCondition.NotEqual, R1, R2, label),
        ["if r1 < 9"] = (code, label) => code.JumpIf(BpfCondition.Less, R1, 9, label),
        ["if r1 <= 9"] = (code, label) => code.JumpIf(BpfCondition.LessOrEqual, R1, 9, label),
        ["if w1 != 0x80000000"] = (code, label) => code.JumpIfWord(BpfCondition.NotEqual, R1, 0x8000_0000, label),
    };

    // The bytes are those of the instruction set's specification: opcode, registers (source high), offset, immediate.
    [Theory]
    [InlineData("r1 += r2", "0f21000000000000")]
    [InlineData("r1 -= 5", "1701000005000000")]
    [InlineData("r9 |= -1", "47090000ffffffff")]
    [InlineData("r3 &= r4", "5f43000000000000")]
    [InlineData("r2 <<= 2", "6702000002000000")]
    [InlineData("r2 >>= r0", "7f02000000000000")]
    [InlineData("r6 = r1", "bf16000000000000")]
    [InlineData("r0 = 2", "b700000002000000")]
    [InlineData("r1 = *(u8*)(r2 + 3)", "7121030000000000")]
    [InlineData("r1 = *(u16*)(r2 - 2)", "6921feff00000000")]
    [InlineData("r7 = *(u32*)(r6 + 4)", "6167040000000000")]
    [InlineData("r1 = *(u64*)(r0 + 0)", "7901000000000000")]
    [InlineData("*(u32*)(r10 - 4) = r1", "631afcff00000000")]
    [InlineData("call 51", "8500000033000000")]
    [InlineData("exit", "9500000000000000")]
    public void An_instruction_has_its_bytes(string instruction, string bytes)
    {
        var code = new BpfAssembler();
        Emitters[instruction](code);
        Assert.Equal(bytes, Bytes(code.Assemble()));
    }

    [Theory]
    [InlineData("goto", "0500010000000000")]
    [InlineData("if r1 == r2", "1d21010000000000")]
    [InlineData("if r1 > 9", "2501010009000000")]
    [InlineData("if r1 >= 9", "3501010009000000")]
    [InlineData("if r1 & 9", "4501010009000000")]
    [InlineData("if r1 != r2", "5d21010000000000")]
    [InlineData("if r1 < 9", "a501010009000000")]
    [InlineData("if r1 <= 9", "b501010009000000")]
    [InlineData("if w1 != 0x80000000", "5601010000000080")]
    public void A_jump_counts_from_the_next_instruction(string jump, string bytes)
    {
        var code = new BpfAssembler();
        BpfLabel label = code.NewLabel();
        Jumps[jump](code, label);
        code.Move(R0, 1);
        code.Place(label);
        code.Exit();
        Assert.Equal(bytes, Bytes(code.Assemble().AsSpan(0, 1)));
    }

    [Fact]
    public void A_jump_back_is_negative()
    {
        var code = new BpfAssembler();
        BpfLabel label = code.NewLabel();
        code.Place(label);
        code.Move(R0, 1);
        code.Jump(label);
        Assert.Equal(-2, code.Assemble()[1].Offset);
    }

    [Fact]
    public void A_label_that_is_not_placed_or_placed_twice_is_refused()
    {
        var code = new BpfAssembler();
        BpfLabel label = code.NewLabel();
        code.Jump(label);
        Assert.Throws<InvalidOperationException>(code.Assemble);
        code.Place(label);
        Assert.Throws<InvalidOperationException>(() => code.Place(label));
    }

    [Fact]
    public void A_jump_or_an_offset_of_more_than_16_bits_is_refused()
    {
        var code = new BpfAssembler();
        BpfLabel label = code.NewLabel();
        code.Jump(label);
        for (int i = 0; i <= short.MaxValue; i++)
        {
            code.Move(R0, 0);
        }

        code.Place(label);
        Assert.Throws<OverflowException>(code.Assemble);
        Assert.Throws<OverflowException>(() => code.LoadFrom(BpfSize.Byte, R0, R1, short.MaxValue + 1));
    }

    [Fact]
    public void The_verifier_s_reason_is_in_the_message()
    {
        Needs.Xdp();
        var code = new BpfAssembler();
        code.LoadFrom(BpfSize.Double, R0, R10, 8);
        code.Exit();
        LinuxException refusal = Assert.Throws<LinuxException>(() => BpfProgram.LoadXdp("bad", code.Assemble()));
        Assert.Contains("invalid read from stack", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0102", 0x0102)]
    [InlineData("ffee", 0xFFEE)]
    public void The_kernel_computes_what_was_meant(string input, int result)
    {
        Needs.Xdp();
        byte[] frame = new byte[14];
        Convert.FromHexString(input).CopyTo(frame, 12);
        Assert.Equal(result, BinaryPrimitives.ReverseEndianness((ushort)LoadEtherType().Run(frame)));
    }

    [Fact]
    public void Counters_of_all_CPUs_are_summed_and_values_read_back()
    {
        Needs.Xdp();
        using var counters = BpfMap.Create("test_counters", BpfMapKind.PerCpuArray, sizeof(ulong), 2);
        using var values = BpfMap.Create("test_values", BpfMapKind.Array, sizeof(ulong), 2);
        values.Update(1, [1, 2, 3, 4, 5, 6, 7, 8]);
        Span<byte> read = stackalloc byte[8];
        Assert.True(values.TryLookup(1, read));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], read.ToArray());
        Assert.Equal(0ul, counters.Sum(1));
        Assert.Throws<LinuxException>(() => values.Update(2, new byte[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => values.Update(1, new byte[4]));
    }

    // Gives the EtherType as the program's result.
    private static BpfProgram LoadEtherType()
    {
        var code = new BpfAssembler();
        BpfLabel end = code.NewLabel();
        code.Move(R0, 0);
        code.LoadFrom(BpfSize.Word, R2, R1, 0);
        code.LoadFrom(BpfSize.Word, R3, R1, 4);
        code.Move(R4, R2);
        code.Compute(BpfOperation.Add, R4, 14);
        code.JumpIf(BpfCondition.Greater, R4, R3, end);
        code.LoadFrom(BpfSize.Half, R0, R2, 12);
        code.Place(end);
        code.Exit();
        return BpfProgram.LoadXdp("test_ethertype", code.Assemble());
    }

    private static string Bytes(ReadOnlySpan<BpfInstruction> program) =>
        Convert.ToHexStringLower(MemoryMarshal.AsBytes(program));
}
