using System.Diagnostics;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Devices;

/// <summary>Where a guest has its CSB: in its own memory, as upstream drivers do it, or in BAR 4, our
/// extension.</summary>
/// <param name="name">The device's name.</param>
/// <param name="options">What it is made of.</param>
/// <param name="memory">The client's memory, while there is a client.</param>
internal sealed class PtnetCsb(string name, PtnetOptions options, Func<ClientMap?> memory) : IDisposable
{
    private readonly int _rings = options.Port.Memory.Shape.Rings;
    private readonly CsbPlace _place = new(options.Port.Memory.Shape.Rings);
    private bool _isStranded;

    /// <summary>The one in BAR 4; null without our extensions.</summary>
    internal CsbMemory? InBar { get; } = options.Extensions ? new CsbMemory(name) : null;

    /// <summary>True when the guest has chosen that one.</summary>
    internal bool UsesBar { get; set; }

    /// <summary>Guest-physical address of the atok array; as the registers have it.</summary>
    internal ulong Atok
    {
        get => _place.Atok;
        set => _place.Atok = value;
    }

    /// <summary>Guest-physical address of the ktoa array.</summary>
    internal ulong Ktoa
    {
        get => _place.Ktoa;
        set => _place.Ktoa = value;
    }

    /// <summary>True when the guest has named one in its own memory.</summary>
    internal bool IsProgrammed => _place.IsProgrammed;

    /// <summary>What became of the one that is used, when it was taken away; null when it was not.</summary>
    internal string? Loss =>
        UsesBar && InBar!.IsLost ? "somebody who has BAR 4 took a page of the CSB away; the VM has to be started anew"
        : !UsesBar && _place.IsLost ? "the client cut its guest's memory off, or made a hole in it, where the CSB was"
        : null;

    public void Dispose()
    {
        _place.Dispose();
        if (_isStranded)
        {
            // A pass that does not end may be in it.
            Quiescence.Keep(this);
        }
        else
        {
            InBar?.Dispose();
        }
    }

    /// <summary>The host's views of the one that is used, which is looked up where that has not been done.</summary>
    /// <exception cref="VfioUserException">It is no memory that can be used.</exception>
    internal CsbHostView[] Views()
    {
        if (UsesBar)
        {
            return [.. Enumerable.Range(0, _rings).Select(InBar!.Host)];
        }

        if (!_place.IsMapped || _place.IsLost)
        {
            _place.Map(memory() ?? throw new VfioUserException("PTCTL 1: no client"), options.AllowUnsealedMemory);
        }

        return _place.Views();
    }

    /// <summary>Looks up the one in the guest's memory anew.</summary>
    /// <exception cref="VfioUserException">It is no memory that can be used.</exception>
    internal void Map()
    {
        _place.Release();
        if (_place.IsProgrammed && memory() is { } there)
        {
            _place.Map(there, options.AllowUnsealedMemory);
        }
    }

    /// <summary>True when the one in the guest's memory lies in that range.</summary>
    internal bool IsIn(ClientRange range) => _place.Uses(range);

    /// <summary>Ends the mapping of the one in the guest's memory.</summary>
    internal void Release()
    {
        _place.Release();
        Debug.Assert(!_place.IsMapped, "nothing of the guest's is mapped any more");
    }

    /// <summary>A pass that does not end may use it: it stays, for as long as the process lives.</summary>
    internal void Strand()
    {
        _place.Strand();
        _isStranded = true;
    }

    /// <summary>As at the start: there is none.</summary>
    internal void Reset()
    {
        Release();
        _place.Atok = 0;
        _place.Ktoa = 0;
        UsesBar = false;
    }
}
