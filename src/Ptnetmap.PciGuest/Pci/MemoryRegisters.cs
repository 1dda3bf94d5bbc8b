using Ptnetmap.Linux;

namespace Ptnetmap.PciGuest.Pci;

/// <summary>Registers in a memory BAR: a load or a store each.</summary>
internal sealed class MemoryRegisters(MappedRegisters registers) : RegisterFile
{
    private const int PageSize = 4096;

    internal static MemoryRegisters Open(PciFunction function, PciBar bar)
    {
        using FileDescriptor file = function.OpenBar(0);

        // A BAR smaller than a page is mapped as a page.
        long length = (bar.Size + PageSize - 1) & -PageSize;
        return new MemoryRegisters(new MappedRegisters(MemoryMapping.Map(file, length)));
    }

    public override uint Read(int offset) => registers.Read(offset);

    public override void Write(int offset, uint value) => registers.Write(offset, value);

    protected override void Dispose(bool disposing) => registers.Dispose();
}
