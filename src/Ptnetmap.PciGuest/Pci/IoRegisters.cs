using System.Buffers.Binary;
using Ptnetmap.Linux;

namespace Ptnetmap.PciGuest.Pci;

/// <summary>Registers behind I/O ports: a system call each, which the kernel turns into one port access.</summary>
internal sealed class IoRegisters(FileDescriptor file) : RegisterFile
{
    public override uint Read(int offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        file.ReadAt(bytes, offset);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public override void Write(int offset, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        file.WriteAt(bytes, offset);
    }

    protected override void Dispose(bool disposing) => file.Dispose();
}
