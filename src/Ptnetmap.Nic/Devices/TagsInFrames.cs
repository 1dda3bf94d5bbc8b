using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Nic.Ledger;

namespace Ptnetmap.Nic.Devices;

/// <summary>Has a driver leave VLAN tags in received frames (<c>ethtool -K IF rxvlan off</c>) while this object lives. With the
/// offload the tag is told to the kernel's stack beside the frame, and an XDP program and its socket have a frame
/// without a tag: one of another network. The interface stays so when the process is killed: the
/// <see cref="NicLedger"/> has the next one turn it on again.</summary>
internal sealed class TagsInFrames : IDisposable
{
    private readonly EthtoolDevice _device;
    private readonly NicLedger? _ledger;
    private ReceivedTagsChange _change;
    private readonly bool _restore;

    private TagsInFrames(EthtoolDevice device, ReceivedTagsChange change, NicLedger? ledger)
    {
        _device = device;
        _change = change;
        _ledger = ledger;
        try
        {
            if (device.TryReadVlanOffloads() is { } before && before.HasFlag(VlanOffloads.Receive))
            {
                _restore = true;
                ledger?.Add(change);
                device.SetVlanOffloads(before & ~VlanOffloads.Receive);
            }
        }
        catch (LinuxException refusal)
        {
            Note = $"received frames may come without their VLAN tags: {refusal.Message}";
        }
    }

    /// <summary>Why tags may be missing; null when they are not.</summary>
    internal string? Note { get; }

    /// <summary>For an interface of the calling thread's namespace. A driver that refuses is noted.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="space">What its namespace is called; null: the process's own.</param>
    /// <param name="ledger">Where the change is noted in case the process is killed; null: nowhere.</param>
    internal static TagsInFrames Keep(LinkInfo link, string? space, NicLedger? ledger)
    {
        var device = new EthtoolDevice(link.Name, link.Index);
        try
        {
            return new TagsInFrames(device, new ReceivedTagsChange(link.Name, space, link.Index), ledger);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>The interface is called so now.</summary>
    internal void Rename(string name)
    {
        ReceivedTagsChange now = _change with { Interface = name };
        if (_restore && now != _change)
        {
            _ledger?.Replace(_change, now);
        }

        _change = now;
    }

    /// <summary>As it was before.</summary>
    public void Dispose()
    {
        var end = new Teardown();
        if (_restore && TryRestore())
        {
            end.Step($"note of {_change}", () => _ledger?.Remove(_change));
        }

        end.Step("ethtool", _device.Dispose).Finish();
    }

    // What cannot be restored now stays noted, for the next process.
    private bool TryRestore()
    {
        try
        {
            _ = ReceivedTagsChange.TryTurnOn(_device);
            return true;
        }
        catch (LinuxException refusal)
        {
            // With the interface its settings are gone. Otherwise somebody else has set what does not go with it.
            return refusal.Errno == Errors.NoDevice;
        }
    }
}
