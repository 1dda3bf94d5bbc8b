using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Devices;

/// <summary>Has a driver leave VLAN tags in received frames (<c>ethtool -K IF rxvlan off</c>) while this object lives. With the
/// offload the tag is told to the kernel's stack beside the frame, and an XDP program and its socket have a frame
/// without a tag: one of another network.</summary>
internal sealed class TagsInFrames : IDisposable
{
    private readonly EthtoolDevice _device;
    private readonly bool _restore;

    private TagsInFrames(EthtoolDevice device)
    {
        _device = device;
        try
        {
            if (device.TryReadVlanOffloads() is { } before && before.HasFlag(VlanOffloads.Receive))
            {
                device.SetVlanOffloads(before & ~VlanOffloads.Receive);
                _restore = true;
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
    internal static TagsInFrames Keep(string name) => new(new EthtoolDevice(name));

    /// <summary>As it was before.</summary>
    public void Dispose()
    {
        try
        {
            if (_restore && _device.TryReadVlanOffloads() is { } now)
            {
                _device.SetVlanOffloads(now | VlanOffloads.Receive);
            }
        }
        catch (LinuxException)
        {
            // The interface is gone, or somebody else has set what does not go with it.
        }

        _device.Dispose();
    }
}
