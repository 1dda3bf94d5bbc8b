using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Bpf;

/// <summary>What the kernel tells about a program that is loaded: <c>struct bpf_prog_info</c>.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">As its loader gave it; may be empty.</param>
/// <param name="Tag">A hash of its instructions, in hexadecimal digits.</param>
public sealed record BpfProgramInfo(uint Id, string Name, string Tag)
{
    /// <summary>Asks for the program of a number.</summary>
    /// <returns>Null when there is none any more.</returns>
    /// <exception cref="LinuxException">The kernel refused (CAP_BPF).</exception>
    public static unsafe BpfProgramInfo? TryRead(uint id)
    {
        var byId = new BpfNative.ById { Id = id };
        int number = BpfNative.Call(BpfNative.ProgramByIdCommand, ref byId);
        if (number < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error == BpfNative.ENoEnt
                ? null
                : throw new LinuxException($"bpf(BPF_PROG_GET_FD_BY_ID, {id})", error);
        }

        using var file = new FileDescriptor(number);
        BpfNative.ProgramInfo info = default;
        var attribute = new BpfNative.ObjectInfo
        {
            Descriptor = (uint)number,
            Length = (uint)sizeof(BpfNative.ProgramInfo),
            Info = &info,
        };
        if (BpfNative.Call(BpfNative.ObjectInfoCommand, ref attribute) != 0)
        {
            throw LinuxException.Last($"bpf(BPF_OBJ_GET_INFO_BY_FD, program {id})");
        }

        ReadOnlySpan<byte> name = info.Name;
        int end = name.IndexOf((byte)0);
        return new BpfProgramInfo(info.Id, Encoding.ASCII.GetString(end < 0 ? name : name[..end]),
            Convert.ToHexStringLower(info.Tag));
    }

    /// <inheritdoc/>
    public override string ToString() => $"program {Id} \"{Name}\" (tag {Tag})";
}
