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
            throw new VfioUserException(Errno.Busy, $"PTCTL 1: port {Port.Name} is held back");
        }

        CsbHostView[] csb;
        if (_usesOwnCsb)
        {
            csb = [.. Enumerable.Range(0, _kicks.Length).Select(_ownCsb!.Host)];
        }
        else
        {
            if (!_place.IsMapped)
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
