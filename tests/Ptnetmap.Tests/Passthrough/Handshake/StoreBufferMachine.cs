namespace Ptnetmap.Tests.Passthrough.Handshake;

/// <summary>Two processors and their shared variables under x86's memory model (total store order): a store goes into
/// its processor's buffer and reaches memory some time later, in order; a load looks into the own buffer first; a fence
/// waits until the own buffer is empty.</summary>
internal sealed class StoreBufferMachine
{
    private readonly int[] _memory = new int[2];
    private readonly Queue<(int Variable, int Value)>[] _buffers = [new(), new()];

    internal bool CanDrain(int processor) => _buffers[processor].Count != 0;

    internal void Drain(int processor)
    {
        (int variable, int value) = _buffers[processor].Dequeue();
        _memory[variable] = value;
    }

    internal bool CanExecute(int processor, MemoryAccess access) =>
        access.Kind != AccessKind.Fence || _buffers[processor].Count == 0;

    internal int Execute(int processor, MemoryAccess access)
    {
        switch (access.Kind)
        {
            case AccessKind.Store:
                _buffers[processor].Enqueue((access.Variable, access.Value));
                return 0;
            case AccessKind.Load:
                int value = _memory[access.Variable];
                foreach ((int variable, int buffered) in _buffers[processor])
                {
                    value = variable == access.Variable ? buffered : value;
                }

                return value;
            default:
                return 0;
        }
    }
}
