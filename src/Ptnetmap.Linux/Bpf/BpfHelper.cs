namespace Ptnetmap.Linux.Bpf;

/// <summary>A function of the kernel that a program calls: <c>enum bpf_func_id</c>.</summary>
public enum BpfHelper
{
    /// <summary>R1 map, R2 pointer to the key; gives a pointer to the value, or 0.</summary>
    MapLookup = 1,

    /// <summary>R1 context, R2 map of programs, R3 key; comes back only when there is no such program.</summary>
    TailCall = 12,

    /// <summary>R1 interface, R2 1 for its receiving side, 0 for its sending side; gives the action.</summary>
    Redirect = 23,

    /// <summary>R1 map of sockets or devices, R2 key, R3 the action when there is none; gives the action.</summary>
    RedirectMap = 51,
}
