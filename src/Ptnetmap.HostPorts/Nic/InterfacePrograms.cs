using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>The XDP programs of all interfaces that ports of this process have queues of. Control path.</summary>
/// <param name="ledger">Where changes in NICs are noted that outlive a killed process; null: nowhere.</param>
public sealed class InterfacePrograms(NicLedger? ledger = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ulong Space, int Index), InterfaceProgram> _programs = [];

    /// <summary>The interface's program, attached now if nobody had it. On a thread in the interface's
    /// namespace.</summary>
    internal InterfaceProgram Acquire(LinkInfo link, NicOptions options, List<NicRefusal> refusals)
    {
        lock (_lock)
        {
            (ulong, int) key = (NetworkNamespace.IdOfThisThread(), link.Index);
            if (_programs.TryGetValue(key, out InterfaceProgram? program) && program.IsOn(link))
            {
                CheckShared(program, link, options);
            }
            else
            {
                program = Attach(key, link, options, refusals);
                _programs[key] = program;
            }

            program.Users++;
            return program;
        }
    }

    private void Release(InterfaceProgram program)
    {
        lock (_lock)
        {
            if (--program.Users == 0)
            {
                if (_programs.GetValueOrDefault(program.Key) == program)
                {
                    _ = _programs.Remove(program.Key);
                }

                program.Detach();
            }
        }
    }

    private static void CheckShared(InterfaceProgram program, LinkInfo link, NicOptions options)
    {
        if (options.Wanted is NicMode.Generic != (program.AttachMode == XdpAttachMode.Generic)
            && options.Wanted is not null)
        {
            throw new LinuxException(
                $"{link.Name}: its XDP program runs in mode " +
                $"{program.AttachMode} for another port, and an interface has one mode");
        }
    }

    private InterfaceProgram Attach((ulong, int) key, LinkInfo link, NicOptions options, List<NicRefusal> refusals)
    {
        if (link.XdpProgramId != 0)
        {
            throw Taken(link);
        }

        XdpDispatcher program = XdpDispatcher.Load(Math.Max(link.ReceiveQueues, 1));
        TagsInFrames? tags = null;
        BpfLink? attached = null;
        try
        {
            tags = TagsInFrames.Keep(link, options.Namespace, ledger);
            (attached, XdpAttachMode mode) = Attach(program, link, options.Wanted, refusals);
            return new InterfaceProgram(Release, ledger, key, program,
                (attached, new InterfaceTrace(attached, link.Index)), mode, tags);
        }
        catch
        {
            attached?.Dispose();
            tags?.Dispose();
            program.Dispose();
            throw;
        }
    }

    private static (BpfLink Link, XdpAttachMode Mode) Attach(
        XdpDispatcher program, LinkInfo link, NicMode? wanted, List<NicRefusal> refusals)
    {
        try
        {
            if (wanted != NicMode.Generic)
            {
                return (BpfLink.AttachXdp(program.Program, link.Index, XdpAttachMode.Driver), XdpAttachMode.Driver);
            }
        }
        catch (LinuxException refusal) when (refusal.Errno is Errors.Busy or Errors.Exists)
        {
            throw Taken(link);
        }
        catch (LinuxException refusal) when (wanted is null
            && refusal.Errno is not (Errors.NoDevice or Errors.NotPermitted))
        {
            refusals.Add(new NicRefusal(NicMode.ZeroCopy, refusal.Message));
            refusals.Add(new NicRefusal(NicMode.Copy, refusal.Message));
        }

        return (BpfLink.AttachXdp(program.Program, link.Index, XdpAttachMode.Generic), XdpAttachMode.Generic);
    }

    private static LinuxException Taken(LinkInfo link)
    {
        string who = BpfProgramInfo.TryRead(link.XdpProgramId)?.ToString() ?? $"program {link.XdpProgramId}";
        return new LinuxException(
            $"{link.Name} has an XDP program already: {who}. It is left alone; end who attached it (another ptnet, " +
            $"say), or detach it (ip link set dev {link.Name} xdp off)");
    }
}
