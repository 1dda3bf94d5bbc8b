namespace Ptnetmap.Linux.Bpf;

/// <summary>Which of an interface's tcx hooks (<c>enum bpf_attach_type</c>).</summary>
public enum TcxDirection
{
    /// <summary><c>BPF_TCX_INGRESS</c>: what the interface has received, before the stack.</summary>
    Ingress = 46,

    /// <summary><c>BPF_TCX_EGRESS</c>: what the stack sends on the interface, before its queues.</summary>
    Egress = 47,
}
