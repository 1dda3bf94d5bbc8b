namespace Ptnetmap.Tests.Passthrough.Handshake;

internal enum AccessKind
{
    Load,
    Store,
    Fence,
}

internal readonly record struct MemoryAccess(AccessKind Kind, int Variable = 0, int Value = 0);
