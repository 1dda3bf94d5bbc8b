using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Devices;

/// <summary>When a guest's sync loops run, and on what memory: from the start that it asks for to the stop, unless its memory is
/// away or it is held back.</summary>
internal sealed class PtnetRun : IDisposable
{
    private readonly PtnetOptions _options;
    private readonly EventFd[] _outlets;
    private readonly Func<ClientMap?> _memory;
    private readonly CsbPlace _place;
    private readonly EventFd[] _kicks;
    private GuestAttachment? _attachment;
    private bool _isStranded;
    private volatile bool _wasTurnedAway;
    private volatile string? _loss;

    /// <summary>Makes what there is before a start.</summary>
    /// <param name="name">The device's name.</param>
    /// <param name="options">What it is made of.</param>
    /// <param name="outlets">What the workers signal, one a ring.</param>
    /// <param name="memory">The client's memory, while there is a client.</param>
    internal PtnetRun(string name, PtnetOptions options, EventFd[] outlets, Func<ClientMap?> memory)
    {
        Debug.Assert(outlets.Length == options.Port.Memory.Shape.Rings, "there is an outlet a ring");
        _options = options;
        _outlets = outlets;
        _memory = memory;
        _place = new CsbPlace(outlets.Length);
        _kicks = EventFd.Make(outlets.Length);
        try
        {
            OwnCsb = options.Extensions ? new CsbMemory(name) : null;
        }
        catch
        {
            Array.ForEach(_kicks, kick => kick.Dispose());
            throw;
        }
    }

    /// <summary>The CSB in BAR 4; null without our extensions.</summary>
    internal CsbMemory? OwnCsb { get; }

    /// <summary>True when the guest has chosen the CSB in BAR 4.</summary>
    internal bool UsesOwnCsb { get; private set; }

    /// <summary>Guest-physical address of the CSB's atok array.</summary>
    internal ulong Atok
    {
        get => _place.Atok;
        set => _place.Atok = value;
    }

    /// <summary>Guest-physical address of the CSB's ktoa array.</summary>
    internal ulong Ktoa
    {
        get => _place.Ktoa;
        set => _place.Ktoa = value;
    }

    /// <summary>Bytes of the virtio-net header that a start asks for.</summary>
    internal int VnetHeaderLength { get; set; }

    /// <summary>True from the start that the guest asks for to the stop.</summary>
    internal bool IsWanted { get; private set; }

    /// <summary>True while the loops run.</summary>
    internal bool IsRunning => _attachment is not null;

    /// <summary>True while the guest is kept from the port.</summary>
    internal bool IsHeld { get; private set; }

    /// <summary>True when a start was refused because it was, and none has come since.</summary>
    internal bool WasTurnedAway => _wasTurnedAway;

    /// <summary>What became of the memory that the loops used; null when it was not taken away.</summary>
    internal string? Loss => _loss;

    /// <summary>Kicks so far.</summary>
    internal long Kicks { get; private set; }

    private Port Port => _options.Port;

    private string RegionLoss =>
        $"somebody who shares region {Port.Region.Name} made a hole in its huge pages: remove the ports of this domain and add them " +
        "anew, with huge_pages = \"off\" if it happens again";

    public void Dispose()
    {
        Stop();
        _place.Dispose();
        Array.ForEach(_kicks, kick => kick.Dispose());
        if (_isStranded)
        {
            // A pass that does not end may be in it.
            Quiescence.Keep(this);
        }
        else
        {
            OwnCsb?.Dispose();
        }
    }

    /// <summary>As at the start: stopped, with no CSB.</summary>
    internal void Reset()
    {
        Stop();
        _place.Release();
        _place.Atok = 0;
        _place.Ktoa = 0;
        UsesOwnCsb = false;
        VnetHeaderLength = 0;
        _loss = null;
        _wasTurnedAway = false;
    }

    /// <summary>Starts the loops.</summary>
    /// <exception cref="VfioUserException">They cannot run; it says why.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps the port from starting is told to the guest.")]
    internal void Start()
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
            IsWanted = true;
        }
        catch (Exception failure) when (failure is not VfioUserException)
        {
            Errno errno = failure is InvalidOperationException ? Errno.Busy : Errno.InputOutput;
            throw new VfioUserException(errno, $"PTCTL 1: {failure.Message}", failure);
        }
    }

    /// <summary>Stops them.</summary>
    internal void Stop()
    {
        IsWanted = false;
        Detach();
    }

    /// <summary>Keeps the guest from the port, whatever it wants, until it is let again.</summary>
    internal void Hold(bool hold)
    {
        IsHeld = hold;
        if (hold)
        {
            Detach();
        }
        else
        {
            Resume();
        }
    }

    /// <summary>Wakes a ring's loop up.</summary>
    internal void Kick(uint ring)
    {
        if (ring < (uint)_kicks.Length)
        {
            Kicks++;
            CheckMemory();
            _kicks[ring].Signal();
        }
    }

    /// <summary>The CSB is in BAR 4 from now on, or is not.</summary>
    internal void ChooseCsb(bool own)
    {
        Stop();
        UsesOwnCsb = own;
    }

    /// <summary>The CSB counts from here on, and is looked up once. A driver that names one in its own memory means that one, even
    /// if a program before it, which may have been killed, chose ours and left the port running.</summary>
    /// <exception cref="VfioUserException">It is no memory that can be used.</exception>
    internal void ProgramCsb()
    {
        if (_place.IsProgrammed)
        {
            UsesOwnCsb = false;
        }

        if (!UsesOwnCsb)
        {
            Stop();
        }

        _place.Release();
        if (_place.IsProgrammed && _memory() is { } memory)
        {
            _place.Map(memory, _options.AllowUnsealedMemory);
        }
    }

    /// <summary>The guest is about to lose a range: on return nothing of it is used any more.</summary>
    internal void Unmapping(ClientRange range)
    {
        if (_place.Uses(range))
        {
            if (!UsesOwnCsb)
            {
                Detach();
            }

            _place.Release();
        }

        Debug.Assert(!_place.Uses(range), "nothing of a range that goes is mapped any more");
    }

    /// <summary>Starts the loops again that the guest wants, when its memory has moved under its CSB and is there again, or it is
    /// held back no more.</summary>
    internal void Resume()
    {
        if (!IsWanted || IsRunning || IsHeld)
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
            IsWanted = false;
        }
    }

    /// <summary>Stops the loops when memory that they use was taken away.</summary>
    internal void CheckMemory()
    {
        if (!IsRunning || LossOf() is not { } loss)
        {
            return;
        }

        _loss = loss;
        IsWanted = false;
        Detach();
        _place.Release();
        _options.MemoryLost?.Invoke(loss);
    }

    private string? LossOf() =>
        Port.Region.IsLost ? RegionLoss
        : UsesOwnCsb && OwnCsb!.IsLost ? "somebody who has BAR 4 took a page of the CSB away; the VM has to be started anew"
        : !UsesOwnCsb && _place.IsLost ? "the client cut its guest's memory off, or made a hole in it, where the CSB was"
        : null;

    private void Attach(bool resumes)
    {
        if (IsHeld)
        {
            _wasTurnedAway = true;
            throw new VfioUserException(Errno.Busy, $"PTCTL 1: port {Port.Name} is held back");
        }

        if (Port.Region.IsLost)
        {
            throw new VfioUserException(Errno.InputOutput, $"PTCTL 1: port {Port.Name} has lost memory: {RegionLoss}");
        }

        var door = new GuestDoor(FindCsb(), _kicks, _outlets)
        {
            VnetHeaderLength = VnetHeaderLength,
            Resumes = resumes,
        };
        _attachment = GuestAttachment.Attach(Port, door, _options.Workers, _options.Policy, _options.Quiescence);
        _options.RunningChanged?.Invoke();
    }

    private CsbHostView[] FindCsb()
    {
        if (UsesOwnCsb)
        {
            return [.. Enumerable.Range(0, _kicks.Length).Select(OwnCsb!.Host)];
        }

        if (!_place.IsMapped || _place.IsLost)
        {
            _place.Map(_memory() ?? throw new VfioUserException("PTCTL 1: no client"), _options.AllowUnsealedMemory);
        }

        return _place.Views();
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
}
