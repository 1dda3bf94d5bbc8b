namespace Ptnetmap.PciGuest.Pci;

/// <summary>Registers of a device, 32 bits each.</summary>
public abstract class RegisterFile : IDisposable
{
    /// <summary>Reads the register at <paramref name="offset"/>.</summary>
    public abstract uint Read(int offset);

    /// <summary>Writes the register at <paramref name="offset"/>.</summary>
    public abstract void Write(int offset, uint value);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens BAR 0 of a device, which may be I/O ports or memory.</summary>
    /// <exception cref="Linux.LinuxException">It cannot be had.</exception>
    public static RegisterFile Open(PciFunction function)
    {
        PciBar bar = function.Bar(0);
        return !bar.Exists ? throw new Linux.LinuxException($"PCI device {function.Address} has no BAR 0")
            : bar.IsIo ? new IoRegisters(function.OpenBar(0))
            : MemoryRegisters.Open(function, bar);
    }

    /// <summary>Gives back what it holds.</summary>
    protected abstract void Dispose(bool disposing);
}
