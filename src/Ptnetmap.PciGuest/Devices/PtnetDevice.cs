using Ptnetmap.Linux;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.PciGuest.Devices;

/// <summary>A ptnet device's registers, in the order in which the drivers of Linux and FreeBSD use them.</summary>
internal sealed class PtnetDevice : IDisposable
{
    private readonly RegisterFile _registers;
    private bool _hasHeader;

    internal PtnetDevice(PciFunction function, Func<PciFunction, RegisterFile> open)
    {
        Function = function;
        function.Enable();
        _registers = open(function);
    }

    internal PciFunction Function { get; }

    /// <summary>Asks for the virtio-net header when it is wanted, and for the CSB in a BAR when there is such a BAR and
    /// that is wanted.</summary>
    /// <returns>True when the CSB in a BAR is granted.</returns>
    internal bool Negotiate(bool wantCsbBar, bool wantHeader)
    {
        _registers.Write(PtnetRegister.Features, wantHeader ? PtnetAbi.VnetHeaderFeature : 0);
        _hasHeader = wantHeader && (_registers.Read(PtnetRegister.Features) & PtnetAbi.VnetHeaderFeature) != 0;
        if ((Extensions() & PtnetAbi.CsbBarFeature) == 0)
        {
            return false;
        }

        _registers.Write(PtnetRegister.ExtensionCsb, wantCsbBar && HasCsbBar ? 1u : 0);
        return _registers.Read(PtnetRegister.ExtensionCsb) == 1;
    }

    /// <summary>Forgets the CSB, wherever it is: an upstream driver that comes next finds the device as it expects
    /// it.</summary>
    internal void ForgetCsb()
    {
        SetCsb(0, 0);
        if ((Extensions() & PtnetAbi.CsbBarFeature) != 0)
        {
            _registers.Write(PtnetRegister.ExtensionCsb, 0);
        }
    }

    /// <summary>What the registers say of the port.</summary>
    /// <exception cref="LinuxException">They say what cannot be.</exception>
    internal PtnetPort Describe()
    {
        int tx = ReadCount(PtnetRegister.TxRings, NetmapAbi.MaxCsbRings - 1, "NUM_TX_RINGS");
        int rx = ReadCount(PtnetRegister.RxRings, NetmapAbi.MaxCsbRings - tx, "NUM_RX_RINGS");
        uint low = _registers.Read(PtnetRegister.MacLow);
        uint high = _registers.Read(PtnetRegister.MacHigh);
        MacAddress mac = PtnetAbi.MacOf(high, low);
        int txSlots = ReadCount(PtnetRegister.TxSlots, NetmapAbi.MaxSlots, "NUM_TX_SLOTS");
        int rxSlots = ReadCount(PtnetRegister.RxSlots, NetmapAbi.MaxSlots, "NUM_RX_SLOTS");
        long offset = _registers.Read(PtnetRegister.InterfaceOffset);
        int memory = ReadCount(PtnetRegister.HostMemoryId, ushort.MaxValue, "HOSTMEMID");
        return new PtnetPort(
            Function.Address, Function.Driver, memory, tx, rx, txSlots, rxSlots, offset, mac, Function.Bar(0).IsIo,
            HasCsbBar && (Extensions() & PtnetAbi.CsbBarFeature) != 0);
    }

    /// <summary>Tells the device where the CSB is; zeros detach.</summary>
    internal void SetCsb(ulong atok, ulong ktoa)
    {
        _registers.Write(PtnetRegister.CsbAtokHigh, (uint)(atok >> 32));
        _registers.Write(PtnetRegister.CsbAtokLow, (uint)atok);
        _registers.Write(PtnetRegister.CsbKtoaHigh, (uint)(ktoa >> 32));
        _registers.Write(PtnetRegister.CsbKtoaLow, (uint)ktoa);
    }

    /// <summary>Lets the host start to serve the rings.</summary>
    /// <returns>Bytes of virtio-net header that it grants.</returns>
    /// <exception cref="LinuxException">It does not.</exception>
    internal int Start()
    {
        uint wanted = _hasHeader ? (uint)VnetHeader.Length : 0;
        _registers.Write(PtnetRegister.VnetHeaderLength, wanted);
        uint header = _registers.Read(PtnetRegister.VnetHeaderLength);
        if (header != 0 && header != wanted)
        {
            throw new LinuxException($"ptnet {Function.Address} insists on a virtio-net header of {header} bytes");
        }

        _registers.Write(PtnetRegister.Control, PtnetAbi.Start);
        uint answer = _registers.Read(PtnetRegister.Control);
        if (answer == uint.MaxValue)
        {
            throw new LinuxException($"ptnet {Function.Address} does not answer: its server on the host is gone");
        }

        if (answer != 0)
        {
            throw new LinuxException($"ptnet {Function.Address}: starting the port (PTCTL)", (int)answer);
        }

        return (int)header;
    }

    /// <summary>Lets the host leave the rings alone; on return it has.</summary>
    internal void Stop()
    {
        _registers.Write(PtnetRegister.Control, PtnetAbi.Stop);
        _ = _registers.Read(PtnetRegister.Control);
    }

    internal void Kick(int ring) => _registers.Write(PtnetRegister.Kick(ring), 0);

    /// <summary>Reads a register that has no effects.</summary>
    internal void Touch() => _ = _registers.Read(PtnetRegister.HostMemoryId);

    /// <summary>Takes the interrupt pin down. Any access to a BAR also tells QEMU that a level interrupt was
    /// noticed.</summary>
    internal void Acknowledge() => _ = _registers.Read(PtnetRegister.ExtensionInterrupt);

    /// <summary>The device has a register that takes its interrupt pin down.</summary>
    internal bool CanAcknowledge => (Extensions() & PtnetAbi.InterruptStatusFeature) != 0;

    /// <summary>Closes the registers, and gives the device back to the driver that had it.</summary>
    public void Dispose()
    {
        _registers.Dispose();
        _ = Function.GiveBack();
    }

    private bool HasCsbBar
    {
        get
        {
            PciBar bar = Function.Bar(PtnetAbi.CsbBar);
            return bar.Exists && !bar.IsIo && bar.Size >= GuestCsb.Size;
        }
    }

    private uint Extensions() => _registers.Read(PtnetRegister.ExtensionMagic) == PtnetAbi.ExtensionMagic
        ? _registers.Read(PtnetRegister.ExtensionFeatures)
        : 0;

    private int ReadCount(int register, int most, string name)
    {
        uint value = _registers.Read(register);
        return value == uint.MaxValue
            ? throw new LinuxException($"ptnet {Function.Address} does not answer: its server on the host is gone")
            : value >= 1 && value <= most
            ? (int)value
            : throw new LinuxException($"ptnet {Function.Address}: {name} is {value}, outside 1 to {most}");
    }
}
