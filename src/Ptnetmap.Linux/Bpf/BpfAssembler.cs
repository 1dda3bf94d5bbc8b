namespace Ptnetmap.Linux.Bpf;

/// <summary>Puts a BPF program together, instruction by instruction. A jump may name a label that is placed later; each
/// label is placed once, before <see cref="Assemble"/>.</summary>
public sealed class BpfAssembler
{
    // Classes and modes of the instruction set.
    private const int Load = 0x01;
    private const int StoreRegister = 0x03;
    private const int Arithmetic32 = 0x04;
    private const int Jump64 = 0x05;
    private const int Jump32 = 0x06;
    private const int Arithmetic64 = 0x07;
    private const int Memory = 0x60;
    private const int FromRegister = 0x08;
    private const int CallOperation = 0x80;
    private const int ExitOperation = 0x90;
    private const int LoadDoubleConstant = 0x18;
    private const BpfRegister MapDescriptor = (BpfRegister)1;

    private readonly List<BpfInstruction> _instructions = [];
    private readonly List<(int Instruction, BpfLabel Target)> _jumps = [];
    private readonly List<int?> _labels = [];

    /// <summary>Makes a label, to be placed later.</summary>
    public BpfLabel NewLabel()
    {
        _labels.Add(null);
        return new BpfLabel(_labels.Count - 1);
    }

    /// <summary>Places a label before the next instruction.</summary>
    /// <exception cref="InvalidOperationException">It is placed already.</exception>
    public void Place(BpfLabel label) => _labels[label.Index] = _labels[label.Index] is null
        ? _instructions.Count
        : throw new InvalidOperationException($"label {label.Index} is placed twice");

    /// <summary><c>destination = destination op source</c>, 64 bits.</summary>
    public void Compute(BpfOperation operation, BpfRegister destination, BpfRegister source) =>
        Emit((int)operation | FromRegister | Arithmetic64, destination, source, 0, 0);

    /// <summary><c>destination = destination op value</c>, 64 bits; the value's sign is extended.</summary>
    public void Compute(BpfOperation operation, BpfRegister destination, int value) =>
        Emit((int)operation | Arithmetic64, destination, 0, 0, value);

    /// <summary><c>destination = source</c>.</summary>
    public void Move(BpfRegister destination, BpfRegister source) => Compute(BpfOperation.Move, destination, source);

    /// <summary><c>destination = value</c>.</summary>
    public void Move(BpfRegister destination, int value) => Compute(BpfOperation.Move, destination, value);

    /// <summary><c>destination = *(source + offset)</c>, the rest of it cleared.</summary>
    public void LoadFrom(BpfSize size, BpfRegister destination, BpfRegister source, int offset) =>
        Emit((int)size | Memory | Load, destination, source, offset, 0);

    /// <summary><c>*(destination + offset) = source</c>.</summary>
    public void StoreTo(BpfSize size, BpfRegister destination, int offset, BpfRegister source) =>
        Emit((int)size | Memory | StoreRegister, destination, source, offset, 0);

    /// <summary><c>destination</c> = a map, for a helper.</summary>
    public void LoadMap(BpfRegister destination, BpfMap map)
    {
        Emit(LoadDoubleConstant, destination, MapDescriptor, 0, map.Descriptor.Number);
        Emit(0, 0, 0, 0, 0);
    }

    /// <summary>Goes on at a label.</summary>
    public void Jump(BpfLabel target) => EmitJump(Jump64, 0, 0, 0, target);

    /// <summary>Goes on at a label if the condition holds, of 64 bits.</summary>
    public void JumpIf(BpfCondition condition, BpfRegister left, BpfRegister right, BpfLabel target) =>
        EmitJump((int)condition | FromRegister | Jump64, left, right, 0, target);

    /// <summary>Goes on at a label if the condition holds, of 64 bits; the value's sign is extended.</summary>
    public void JumpIf(BpfCondition condition, BpfRegister left, int right, BpfLabel target) =>
        EmitJump((int)condition | Jump64, left, 0, right, target);

    /// <summary>Goes on at a label if the condition holds, of the low 32 bits.</summary>
    public void JumpIfWord(BpfCondition condition, BpfRegister left, uint right, BpfLabel target) =>
        EmitJump((int)condition | Jump32, left, 0, (int)right, target);

    /// <summary>Calls a function of the kernel.</summary>
    public void Call(BpfHelper helper) => Emit(CallOperation | Jump64, 0, 0, 0, (int)helper);

    /// <summary>Ends the program; its result is R0.</summary>
    public void Exit() => Emit(ExitOperation | Jump64, 0, 0, 0, 0);

    /// <summary>The program.</summary>
    /// <exception cref="InvalidOperationException">A jump's label was never placed.</exception>
    /// <exception cref="OverflowException">A jump is longer than 16 bits say.</exception>
    public BpfInstruction[] Assemble()
    {
        BpfInstruction[] program = [.. _instructions];
        foreach ((int jump, BpfLabel target) in _jumps)
        {
            int place = _labels[target.Index]
                ?? throw new InvalidOperationException($"label {target.Index} is jumped to and never placed");
            program[jump] = program[jump] with { Offset = checked((short)(place - jump - 1)) };
        }

        return program;
    }

    private void EmitJump(int opcode, BpfRegister left, BpfRegister right, int value, BpfLabel target)
    {
        _jumps.Add((_instructions.Count, target));
        Emit(opcode, left, right, 0, value);
    }

    private void Emit(int opcode, BpfRegister destination, BpfRegister source, int offset, int immediate) =>
        _instructions.Add(new BpfInstruction(opcode, destination, source, offset, immediate));
}
