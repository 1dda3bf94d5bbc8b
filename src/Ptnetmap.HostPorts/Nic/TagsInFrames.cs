using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>Has a driver leave VLAN tags in received frames (<c>ethtool -K IF rxvlan off</c>) while this object lives.
/// With the offload the tag is told to the kernel's stack beside the frame, and an XDP program and its socket have a
/// frame without a tag: one of another network. The interface stays so when the process is killed: the
/// <see cref="NicLedger"/> has the next one turn it on again.</summary>
internal sealed class TagsInFrames : IDisposable
{
    private readonly EthtoolDevice _device;
    private readonly NicLedger? _ledger;
    private ReceivedTagsChange _change;
    private readonly bool _restore;
    private bool _isLost;

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

    /// <summary>What is still changed after the end, where, and what undoes it; null: nothing.</summary>
    internal string? Left { get; private set; }

    /// <summary>For an interface of the calling thread's namespace. A driver that refuses is noted.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="space">What its namespace is called; null: the process's own.</param>
    /// <param name="ledger">Where the change is noted in case the process is killed; null: nowhere.</param>
    internal static TagsInFrames Keep(LinkInfo link, string? space, NicLedger? ledger)
    {
        var device = new EthtoolDevice(link.Name, link.Index);
        try
        {
            return new TagsInFrames(device,
                new ReceivedTagsChange(link.Name, space, InterfaceIdentity.Of(link)), ledger);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>The interface is called so, and has this address, now.</summary>
    internal void Rename(LinkInfo link)
    {
        ReceivedTagsChange now = _change with { Interface = link.Name, Identity = InterfaceIdentity.Of(link) };
        if (_restore && now != _change)
        {
            _ledger?.Replace(_change, now);
        }

        _change = now;
    }

    /// <summary>The interface is in another namespace now.</summary>
    /// <exception cref="LinuxException">No descriptor left.</exception>
    internal void Move(MovedInterface moved)
    {
        moved.Space.Run(() => _device.Move(moved.Link.Name, moved.Link.Index));
        ReceivedTagsChange now = _change with
        {
            Interface = moved.Link.Name,
            Namespace = moved.SpaceName,
            Identity = InterfaceIdentity.Of(moved.Link),
        };
        if (_restore)
        {
            _ledger?.Replace(_change, now);
        }

        _change = now;
    }

    /// <summary>The interface is in a namespace that cannot be entered.</summary>
    internal void Lose() => _isLost = true;

    /// <summary>As it was before, or <see cref="Left"/> says why not.</summary>
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
        if (_isLost)
        {
            Left = $"{_change.Interface} was moved to {MovedInterface.Nowhere}, and is left there with " +
                "VLAN tags in its received frames " +
                $"({ReceivedTagsChange.Remedy(_change.Interface)} in that namespace undoes it)";
            return false;
        }

        try
        {
            _ = ReceivedTagsChange.TryTurnOn(_device);
            return true;
        }
        catch (LinuxException refusal)
        {
            // With the interface its settings are gone. Otherwise somebody else has set what does not go with it.
            bool isGone = refusal.Errno == Errors.NoDevice;
            Left = isGone
                ? null
                : $"{_change.Interface} is left with VLAN tags in its received frames: {refusal.Message} (" +
                    $"{(_change.Namespace is { } space ? "in namespace " +
                        $"{space} " : "")}{ReceivedTagsChange.Remedy(_change.Interface)} undoes it)";
            return isGone;
        }
    }
}
