using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Devices;

/// <content>What the registers read, and what writing them does.</content>
public sealed partial class PtnetDevice
{
    /// <inheritdoc/>
    public uint ReadRegister(uint offset) => offset switch
    {
        PtnetRegister.Features => _features,
        PtnetRegister.VnetHeaderLength => (uint)_vnetHeaderLength,
        PtnetRegister.Control => (uint)_result,
        PtnetRegister.MacHigh => PtnetAbi.MacHighOf(_options.Mac),
        PtnetRegister.MacLow => PtnetAbi.MacLowOf(_options.Mac),
        PtnetRegister.InterfaceOffset => (uint)Port.Memory.InterfaceOffset,
        PtnetRegister.TxRings => (uint)Port.Memory.Shape.TxRings,
        PtnetRegister.RxRings => (uint)Port.Memory.Shape.RxRings,
        PtnetRegister.TxSlots => (uint)Port.Memory.Shape.TxSlots,
        PtnetRegister.RxSlots => (uint)Port.Memory.Shape.RxSlots,
        PtnetRegister.HostMemoryId => Port.Region.Layout.Id,
        PtnetRegister.CsbAtokHigh => (uint)(_place.Atok >> 32),
        PtnetRegister.CsbAtokLow => (uint)_place.Atok,
        PtnetRegister.CsbKtoaHigh => (uint)(_place.Ktoa >> 32),
        PtnetRegister.CsbKtoaLow => (uint)_place.Ktoa,
        PtnetRegister.ExtensionMagic when _options.Extensions => PtnetAbi.ExtensionMagic,
        PtnetRegister.ExtensionFeatures when _options.Extensions => PtnetAbi.CsbBarFeature | PtnetAbi.InterruptStatusFeature,
        PtnetRegister.ExtensionCsb => _usesOwnCsb ? 1u : 0,
        PtnetRegister.ExtensionInterrupt when _options.Extensions => TakePin(),
        _ => 0,
    };

    /// <inheritdoc/>
    public void WriteRegister(uint offset, uint value)
    {
        if (offset >= PtnetRegister.FirstKick)
        {
            Kick((offset - PtnetRegister.FirstKick) / sizeof(uint));
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
                _place.Atok = ((ulong)value << 32) | (uint)_place.Atok;
                break;
            case PtnetRegister.CsbAtokLow:
                _place.Atok = (_place.Atok & ~(ulong)uint.MaxValue) | value;
                break;
            case PtnetRegister.CsbKtoaHigh:
                _place.Ktoa = ((ulong)value << 32) | (uint)_place.Ktoa;
                break;
            case PtnetRegister.CsbKtoaLow:
                _place.Ktoa = (_place.Ktoa & ~(ulong)uint.MaxValue) | value;
                ProgramCsb();
                break;
            case PtnetRegister.ExtensionCsb when _options.Extensions:
                StopPort();
                _usesOwnCsb = value == 1;
                break;
        }
    }

    private bool OffersVnetHeader => _options.Offloads && Port.CanUseVnetHeader;

    // What the port uses is fixed from its start to its stop. The upstream drivers ask for the length whatever became of the
    // feature, and go by what they read back.
    private void ChooseVnetHeader(uint length)
    {
        if (!_isWanted)
        {
            _vnetHeaderLength = length == VnetHeader.Length && OffersVnetHeader ? VnetHeader.Length : 0;
        }
    }

    private void Kick(uint ring)
    {
        if (ring < (uint)_kicks.Length)
        {
            Kicks++;
            CheckMemory();
            _kicks[ring].Signal();
        }
    }

    private void Control(uint command)
    {
        _result = Errno.None;
        switch (command)
        {
            case PtnetAbi.Start:
                StartPort();
                break;
            case PtnetAbi.Stop:
                StopPort();
                break;
            default:
                _result = Errno.Invalid;
                break;
        }
    }

    // The last of the four registers: the CSB counts from here on, and is looked up once. A driver that names one in its own
    // memory means that one, even if a program before it, which may have been killed, chose ours and left the port running.
    private void ProgramCsb()
    {
        if (_place.IsProgrammed)
        {
            _usesOwnCsb = false;
        }

        if (!_usesOwnCsb)
        {
            StopPort();
        }

        _place.Release();
        if (_place.IsProgrammed && Memory is not null)
        {
            _place.Map(Memory, _options.AllowUnsealedMemory);
        }
    }
}
