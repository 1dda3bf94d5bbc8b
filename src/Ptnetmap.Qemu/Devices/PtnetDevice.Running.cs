using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Devices;

/// <content>When the guest's sync loops run: from the start that it asks for to the stop, unless its memory is away or it is
/// held back.</content>
public sealed partial class PtnetDevice
{
    /// <summary>Keeps the guest from the port: its loops are stopped, whatever it wants, until it is let again. What
    /// "unplug" means for a device with MSI-X, which QEMU 11.1 cannot unplug.</summary>
    public void Hold(bool hold)
    {
        _isHeld = hold;
        if (hold)
        {
            Detach();
        }
        else
        {
            Resume();
        }
    }

    /// <summary>Looks whether memory that the running loops use was taken away: then they are stopped, and the guest has to
    /// start the port anew. On the device thread, now and then and with each kick.</summary>
    public void CheckMemory()
    {
        if (!IsRunning || LossOf() is not { } loss)
        {
            return;
        }

        _loss = loss;
        _isWanted = false;
        Detach();
        _place.Release();
        _options.MemoryLost?.Invoke(loss);
    }

    /// <inheritdoc/>
    public override void LookAfter() => CheckMemory();

    private string? LossOf() =>
        Port.Region.IsLost ? RegionLoss
        : _usesOwnCsb && _ownCsb!.IsLost ? "somebody who has BAR 4 took a page of the CSB away; the VM has to be started anew"
        : !_usesOwnCsb && _place.IsLost ? "the client cut its guest's memory off, or made a hole in it, where the CSB was"
        : null;

    private string RegionLoss =>
        $"somebody who shares region {Port.Region.Name} made a hole in its huge pages: remove the ports of this domain and add them " +
        "anew, with huge_pages = \"off\" if it happens again";

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the port from starting is told to the guest.")]
    private void StartPort()
    {
        if (IsRunning)
        {
            return;
        }

        try
        {
            Attach(resumes: false);
            _loss = null;
            _wasTurnedAway = false;
            _isWanted = true;
        }
        catch (VfioUserException refusal)
        {
            _result = refusal.Errno;
            throw;
        }
        catch (Exception failure)
        {
            _result = failure is InvalidOperationException ? Errno.Busy : Errno.InputOutput;
            throw new VfioUserException(_result, $"PTCTL 1: {failure.Message}", failure);
        }
    }

    private void StopPort()
    {
        _isWanted = false;
        Detach();
    }

    private void Attach(bool resumes)
    {
        if (_isHeld)
        {
            _wasTurnedAway = true;
            throw new VfioUserException(Errno.Busy, $"PTCTL 1: port {Port.Name} is held back");
        }

        if (Port.Region.IsLost)
        {
            throw new VfioUserException(Errno.InputOutput, $"PTCTL 1: port {Port.Name} has lost memory: {RegionLoss}");
        }

        CsbHostView[] csb;
        if (_usesOwnCsb)
        {
            csb = [.. Enumerable.Range(0, _kicks.Length).Select(_ownCsb!.Host)];
        }
        else
        {
            if (!_place.IsMapped || _place.IsLost)
            {
                _place.Map(Memory ?? throw new VfioUserException("PTCTL 1: no client"), _options.AllowUnsealedMemory);
            }

            csb = _place.Views();
        }

        var door = new GuestDoor(csb, _kicks, _vectors.Outlets)
        {
            VnetHeaderLength = _vnetHeaderLength,
            Resumes = resumes,
        };
        _attachment = GuestAttachment.Attach(Port, door, _options.Workers, _options.Policy, _options.Quiescence);
        _options.RunningChanged?.Invoke();
    }

    private void Detach()
    {
        if (_attachment is null)
        {
            return;
        }

        _attachment.Dispose();
        if (_attachment.IsStranded)
        {
            _place.Strand();
            _isStranded = true;
        }

        _attachment = null;
        _options.RunningChanged?.Invoke();
    }

    // The guest's memory has moved under its CSB and is there again, or it is held back no more.
    private void Resume()
    {
        if (!_isWanted || IsRunning || _isHeld)
        {
            return;
        }

        try
        {
            Attach(resumes: true);
        }
        catch (VfioUserException)
        {
            // Not there yet: the next map may bring it.
        }
        catch (InvalidOperationException)
        {
            // Somebody else has the port now; the guest can start it again when it is free.
            _isWanted = false;
        }
    }
}
