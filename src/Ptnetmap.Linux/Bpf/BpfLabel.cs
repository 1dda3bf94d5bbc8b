namespace Ptnetmap.Linux.Bpf;

/// <summary>A place in a program that is assembled; made by <see cref="BpfAssembler.NewLabel"/>.</summary>
/// <param name="Index">Its number in that program.</param>
public readonly record struct BpfLabel(int Index);
