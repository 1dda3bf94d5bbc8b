using System.Buffers.Binary;
using Ptnetmap.Linux;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.Peer;

/// <summary>A ptnet device in the hands of <see cref="Scribbler"/>: both of its status blocks, and its
/// registers.</summary>
internal sealed class ScribbledPort : IDisposable
{
    private const int Control = 4;
    private const int FirstCsbAddress = 52;
    private const int LastCsbAddress = 64;
    private const int ExtensionCsb = 120;
    private const int FirstKick = 128 / sizeof(uint);
    private const int CsbBar = 4;
    private const int CommandOffset = 4;

    // I/O, memory, bus master; no interrupts from the pin: nobody here takes them.
    private const ushort Command = 0x0407;

    private readonly RegisterFile _registers;
    private readonly int _count;
    private readonly MemoryMapping _bar;
    private readonly MemoryMapping _pages = MemoryMapping.MapLocked(2 * NetmapAbi.PageSize);
    private readonly ulong _atok;
    private readonly ulong _ktoa;
    private bool _inBar;

    internal ScribbledPort(PciFunction function)
    {
        function.Enable();
        using (FileDescriptor config = function.OpenConfig())
        {
            Span<byte> command = stackalloc byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16LittleEndian(command, Command);
            config.WriteAt(command, CommandOffset);
        }

        _registers = RegisterFile.Open(function);
        _count = (int)function.Bar(0).Size / sizeof(uint);
        using FileDescriptor bar = function.OpenBar(CsbBar);
        _bar = MemoryMapping.Map(bar, 2 * NetmapAbi.PageSize);
        _atok = _pages.Range.PhysicalAddress();
        _ktoa = _pages.Range.Slice(NetmapAbi.PageSize, NetmapAbi.PageSize).PhysicalAddress();
    }

    /// <summary>Starts the port with a sound status block, if only for a moment.</summary>
    internal void Start(bool inBar)
    {
        _inBar = inBar;
        Stop();
        _registers.Write(ExtensionCsb, inBar ? 1u : 0);
        (int Register, uint Value)[] addresses =
            [(52, (uint)(_atok >> 32)), (56, (uint)_atok), (60, (uint)(_ktoa >> 32)), (64, (uint)_ktoa)];
        foreach ((int register, uint value) in addresses)
        {
            _registers.Write(register, inBar ? 0 : value);
        }

        _registers.Write(Control, 1);
    }

    internal void Stop() => _registers.Write(Control, 2);

    internal void WriteCsb(int word, uint value) =>
        BitConverter.TryWriteBytes((_inBar ? _bar : _pages).Span[(word * sizeof(uint))..], value);

    /// <summary>A kick, also of rings that the port has not.</summary>
    internal void Kick(int ring) => _registers.Write((FirstKick + ring) % _count * sizeof(uint), (uint)ring);

    /// <summary>Any register. The status block's address only becomes one outside of memory, or not aligned: the host
    /// would write to whatever page of this machine it is told, which is this machine's own affair and would end the
    /// test.</summary>
    internal void WriteRegister(int index, uint value)
    {
        int register = index % _count * sizeof(uint);
        bool address = register is >= FirstCsbAddress and <= LastCsbAddress;
        _registers.Write(register, address ? value | 0xF000_0004 : value);
    }

    public void Dispose()
    {
        _registers.Dispose();
        _bar.Dispose();
        _pages.Dispose();
    }
}
