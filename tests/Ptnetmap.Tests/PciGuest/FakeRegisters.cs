using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.Tests.PciGuest;

/// <summary>Registers that keep what is written, and a list of the writes.</summary>
internal class FakeRegisters : RegisterFile
{
    internal Dictionary<int, uint> Values { get; } = [];

    internal List<(int Offset, uint Value)> Writes { get; } = [];

    public override uint Read(int offset) => Values.GetValueOrDefault(offset);

    public override void Write(int offset, uint value)
    {
        Writes.Add((offset, value));
        Values[offset] = value;
    }

    protected override void Dispose(bool disposing)
    {
    }
}
