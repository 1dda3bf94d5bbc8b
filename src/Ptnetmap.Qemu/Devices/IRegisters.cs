namespace Ptnetmap.Qemu.Devices;

/// <summary>A device's 32-bit registers.</summary>
public interface IRegisters
{
    /// <summary>Reads the register at <paramref name="offset"/>, a multiple of 4; 0 where there is none.</summary>
    public uint ReadRegister(uint offset);

    /// <summary>Writes the register at <paramref name="offset"/>, a multiple of 4.</summary>
    public void WriteRegister(uint offset, uint value);
}
