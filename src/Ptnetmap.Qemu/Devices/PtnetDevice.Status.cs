namespace Ptnetmap.Qemu.Devices;

/// <content>What there is to say about the guest. Any thread may read it; it is at most a moment old.</content>
public sealed partial class PtnetDevice
{
    /// <summary>True while the guest is kept from the port (<see cref="Hold"/>).</summary>
    public bool IsHeld => _isHeld;

    /// <summary>True when the guest's driver wanted to start the port while it was kept away, and has not tried again since.</summary>
    public bool WasTurnedAway => _wasTurnedAway;

    /// <summary>True while the client's eventfds are signalled by a thread of their own, for they are dear to signal.</summary>
    public bool HasDearInterrupts => _vectors.IsRelayed;

    /// <summary>What became of the memory that the guest's sync loops used, when that was taken away from under them; null when
    /// it was not, or the guest has started the port or the device anew.</summary>
    public string? Loss => _loss;

    /// <summary>Where the CSB of the running sync loops is.</summary>
    public CsbKind Csb => !IsRunning ? CsbKind.None : _usesOwnCsb ? CsbKind.Bar : CsbKind.Memory;

    /// <summary>How the guest of the running sync loops is interrupted. QEMU connects the pin by itself, so a guest that
    /// polls is shown with the pin.</summary>
    public InterruptKind Interrupts =>
        !IsRunning ? InterruptKind.None : _vectors.HasVectors ? InterruptKind.Msix : _pinClient is not null ? InterruptKind.Intx : InterruptKind.None;

    /// <summary>The features that were negotiated (<c>PTFEAT</c>).</summary>
    public uint Features => ReadRegister(PtnetRegister.Features);

    /// <summary>Bytes of the virtio-net header that was negotiated, 0 without.</summary>
    public uint HeaderLength => ReadRegister(PtnetRegister.VnetHeaderLength);
}
