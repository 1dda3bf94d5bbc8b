using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A ptnet device's registers (<see cref="PtnetRegister"/>): what they read, and what writing them
/// does.</summary>
internal sealed class PtnetRegisters(PtnetOptions options, PtnetRun run, PtnetInterrupts interrupts) : IRegisters
{
    private Errno _result;
    private uint _features;

    private bool OffersVnetHeader => options.Offloads && options.Port.CanUseVnetHeader;

    public uint ReadRegister(uint offset) => offset switch
    {
        PtnetRegister.Features => _features,
        PtnetRegister.VnetHeaderLength => (uint)run.VnetHeaderLength,
        PtnetRegister.Control => (uint)_result,
        PtnetRegister.MacHigh => PtnetAbi.MacHighOf(options.Mac),
        PtnetRegister.MacLow => PtnetAbi.MacLowOf(options.Mac),
        PtnetRegister.InterfaceOffset => (uint)options.Port.Memory.InterfaceOffset,
        PtnetRegister.TxRings => (uint)options.Port.Memory.Shape.TxRings,
        PtnetRegister.RxRings => (uint)options.Port.Memory.Shape.RxRings,
        PtnetRegister.TxSlots => (uint)options.Port.Memory.Shape.TxSlots,
        PtnetRegister.RxSlots => (uint)options.Port.Memory.Shape.RxSlots,
        PtnetRegister.HostMemoryId => options.Port.Region.Layout.Id,
        PtnetRegister.CsbAtokHigh => (uint)(run.Csb.Atok >> 32),
        PtnetRegister.CsbAtokLow => (uint)run.Csb.Atok,
        PtnetRegister.CsbKtoaHigh => (uint)(run.Csb.Ktoa >> 32),
        PtnetRegister.CsbKtoaLow => (uint)run.Csb.Ktoa,
        PtnetRegister.ExtensionMagic when options.Extensions => PtnetAbi.ExtensionMagic,
        PtnetRegister.ExtensionFeatures when options.Extensions =>
            PtnetAbi.CsbBarFeature | PtnetAbi.InterruptStatusFeature,
        PtnetRegister.ExtensionCsb => run.Csb.UsesBar ? 1u : 0,
        PtnetRegister.ExtensionInterrupt when options.Extensions => interrupts.TakePin(),
        _ => 0,
    };

    public void WriteRegister(uint offset, uint value)
    {
        if (offset >= PtnetRegister.FirstKick)
        {
            run.Kick((offset - PtnetRegister.FirstKick) / sizeof(uint));
            return;
        }

        switch (offset)
        {
            case PtnetRegister.Features:
                _features = OffersVnetHeader ? value & PtnetAbi.VnetHeaderFeature : 0;
                break;
            case PtnetRegister.VnetHeaderLength:
                ChooseVnetHeader(value);
                break;
            case PtnetRegister.Control:
                Control(value);
                break;
            case PtnetRegister.CsbAtokHigh:
                run.Csb.Atok = ((ulong)value << 32) | (uint)run.Csb.Atok;
                break;
            case PtnetRegister.CsbAtokLow:
                run.Csb.Atok = (run.Csb.Atok & ~(ulong)uint.MaxValue) | value;
                break;
            case PtnetRegister.CsbKtoaHigh:
                run.Csb.Ktoa = ((ulong)value << 32) | (uint)run.Csb.Ktoa;
                break;
            case PtnetRegister.CsbKtoaLow:
                run.Csb.Ktoa = (run.Csb.Ktoa & ~(ulong)uint.MaxValue) | value;
                // The last of the four.
                run.ProgramCsb();
                break;
            case PtnetRegister.ExtensionCsb when options.Extensions:
                run.ChooseCsb(value == 1);
                break;
        }
    }

    internal void Reset()
    {
        _features = 0;
        _result = Errno.None;
    }

    // What the port uses is fixed from its start to its stop. The upstream drivers ask for the length whatever became
    // of the feature, and go by what they read back.
    private void ChooseVnetHeader(uint length)
    {
        if (!run.IsWanted)
        {
            run.VnetHeaderLength = length == VnetHeader.Length && OffersVnetHeader ? VnetHeader.Length : 0;
        }
    }

    private void Control(uint command)
    {
        _result = Errno.None;
        switch (command)
        {
            case PtnetAbi.Start:
                Start();
                break;
            case PtnetAbi.Stop:
                run.Stop();
                break;
            default:
                _result = Errno.Invalid;
                break;
        }
    }

    private void Start()
    {
        try
        {
            run.Start();
        }
        catch (VfioUserException refusal)
        {
            _result = refusal.Errno;
            throw;
        }
    }
}
