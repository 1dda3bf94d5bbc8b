using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>Knows an interface by the XDP program that a link holds on it: no other interface has that one, wherever it
/// is and whatever it is called. Made on a thread in the interface's namespace.</summary>
/// <param name="link">The link; it stays the caller's, and has to live longer.</param>
/// <param name="index">The interface's number where it is now.</param>
internal sealed class InterfaceTrace(BpfLink link, int index) : IDisposable
{
    // Several programs at once (XDP_ATTACHED_MULTI): the kernel names none then.
    private const int Several = 4;

    private readonly LinkReader _here = new();

    /// <summary>Looks whether the interface was moved away.</summary>
    /// <param name="isLost">It was, to a namespace that cannot be entered.</param>
    /// <returns>Where it is; null when it was not moved, or was deleted, or is lost.</returns>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The kernel refused.</exception>
    internal MovedInterface? FindMoved(out bool isLost)
    {
        isLost = false;
        (uint program, int now) = link.Read();
        if (now == 0 || (now == index && _here.TryGet(index) is { } same && Has(same, program)))
        {
            return null;
        }

        MovedInterface? moved = MovedInterface.Find(other => other.Index == now && other.XdpProgramId == program);
        isLost = moved is null;
        return moved;
    }

    /// <summary>Whether this is the interface: one of the same number may be another, made when the one was
    /// deleted.</summary>
    internal bool IsOn(LinkInfo other)
    {
        (uint program, int now) = link.Read();
        return now == other.Index && Has(other, program);
    }

    public void Dispose() => _here.Dispose();

    private static bool Has(LinkInfo other, uint program) =>
        other.XdpProgramId == program || other.XdpAttached == Several;
}
