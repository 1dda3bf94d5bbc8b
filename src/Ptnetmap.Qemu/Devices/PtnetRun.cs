using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Devices;

/// <summary>When a guest's sync loops run, and on what memory: from the start that it asks for to the stop, unless its
/// memory is away or it is held back.</summary>
internal sealed class PtnetRun : IDisposable
{
    private readonly PtnetOptions _options;
    private readonly EventFd[] _outlets;
    private readonly EventFd[] _kicks;
    private GuestAttachment? _attachment;
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
        _kicks = EventFd.Make(outlets.Length);
        try
        {
            Csb = new PtnetCsb(name, options, memory);
        }
        catch
        {
            Array.ForEach(_kicks, kick => kick.Dispose());
            throw;
        }
    }

    /// <summary>The CSB, wherever it is.</summary>
    internal PtnetCsb Csb { get; }

    /// <summary>Bytes of the virtio-net header that a start asks for.</summary>
    internal int VnetHeaderLength { get; set; }

    /// <summary>True from the start that the guest asks for to the stop.</summary>
    internal bool IsWanted { get; private set; }

    internal bool IsRunning => _attachment is not null;

    /// <summary>True while the guest is kept from the port.</summary>
    internal bool IsHeld { get; private set; }

    /// <summary>True when a start was refused because it was, and none has come since.</summary>
    internal bool WasTurnedAway => _wasTurnedAway;

    /// <summary>What became of the memory that the loops used; null when it was not taken away.</summary>
    internal string? Loss => _loss;

    internal long Kicks { get; private set; }

    private Port Port => _options.Port;

    private string RegionLoss =>
        "somebody who shares region " +
        $"{Port.Region.Name} made a hole in its huge pages: remove the ports of this domain and add them " +
        "anew, with huge_pages = \"off\" if it happens again";

    public void Dispose()
    {
        Stop();
        Csb.Dispose();
        Array.ForEach(_kicks, kick => kick.Dispose());
    }

    /// <summary>As at the start: stopped, with no CSB.</summary>
    internal void Reset()
    {
        Stop();
        Csb.Reset();
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
        Csb.UsesBar = own;
    }

    /// <summary>The CSB counts from here on, and is looked up once. A driver that names one in its own memory means
    /// that one, even if a program before it, which may have been killed, chose ours and left the port
    /// running.</summary>
    /// <exception cref="VfioUserException">It is no memory that can be used.</exception>
    internal void ProgramCsb()
    {
        if (Csb.IsProgrammed)
        {
            Csb.UsesBar = false;
        }

        if (!Csb.UsesBar)
        {
            Stop();
        }

        Csb.Map();
    }

    /// <summary>The guest is about to lose a range: on return nothing of it is used any more.</summary>
    internal void Unmapping(ClientRange range)
    {
        if (Csb.IsIn(range))
        {
            if (!Csb.UsesBar)
            {
                Detach();
            }

            Csb.Release();
        }

        Debug.Assert(!Csb.IsIn(range), "nothing of a range that goes is mapped any more");
    }

    /// <summary>Starts the loops again that the guest wants, when its memory has moved under its CSB and is there
    /// again, or it is held back no more.</summary>
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
        Csb.Release();
        _options.MemoryLost?.Invoke(loss);
    }

    private string? LossOf() => Port.Region.IsLost ? RegionLoss : Csb.Loss;

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

        var door = new GuestDoor(Csb.Views(), _kicks, _outlets)
        {
            VnetHeaderLength = VnetHeaderLength,
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
            Csb.Strand();
        }

        _attachment = null;
        _options.RunningChanged?.Invoke();
    }
}
