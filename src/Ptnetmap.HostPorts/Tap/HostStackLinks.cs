using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>Joins a TAP interface to the kernel stack's side of another interface, by two BPF programs at the tcx hooks
/// (Linux 6.6):
/// <code>
/// stack sends on eth0     -> egress of eth0:     bpf_redirect(tap, 0)               -> read from the TAP
/// written to the TAP      -> ingress of the TAP: bpf_redirect(eth0, BPF_F_INGRESS)  -> stack receives from eth0
/// </code>
/// They are attached by links, and so gone with the process however it ends. Frames that an AF_XDP socket sends on eth0
/// do not pass its egress hook, and frames that it receives were taken before its stack: nothing goes round.</summary>
internal sealed class HostStackLinks : IDisposable
{
    private const int IntoStack = 1;

    private readonly BpfLink _egress;
    private readonly BpfLink _ingress;

    private HostStackLinks(BpfLink egress, BpfLink ingress)
    {
        _egress = egress;
        _ingress = ingress;
    }

    /// <summary>Joins the two; both lie in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">The kernel refused: it is older than 6.6, say.</exception>
    internal static HostStackLinks Attach(int tap, int stack)
    {
        using BpfProgram toTap = Redirect("ptnet_to_tap", tap, 0);
        using BpfProgram toStack = Redirect("ptnet_to_stack", stack, IntoStack);
        BpfLink ingress = BpfLink.AttachTcx(toStack, tap, TcxDirection.Ingress);
        try
        {
            return new HostStackLinks(BpfLink.AttachTcx(toTap, stack, TcxDirection.Egress), ingress);
        }
        catch
        {
            ingress.Dispose();
            throw;
        }
    }

    /// <summary>Parts them: the stack sends and receives on the interface as before.</summary>
    public void Dispose()
    {
        _egress.Dispose();
        _ingress.Dispose();
    }

    private static BpfProgram Redirect(string name, int target, int flags)
    {
        var assembler = new BpfAssembler();
        assembler.Move(BpfRegister.R1, target);
        assembler.Move(BpfRegister.R2, flags);
        assembler.Call(BpfHelper.Redirect);
        assembler.Exit();
        return BpfProgram.LoadClassifier(name, assembler.Assemble());
    }
}
