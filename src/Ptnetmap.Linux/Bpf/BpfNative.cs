using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Bpf;

/// <summary><c>bpf(2)</c> and the members of <c>union bpf_attr</c> (<c>linux/bpf.h</c>) that are used here. Safe under
/// the same condition as <see cref="Libc"/>: every pointer in an attribute is valid, for the length of the call, for
/// the size that goes with it.</summary>
internal static unsafe partial class BpfNative
{
    internal const int MapCreateCommand = 0;
    internal const int MapLookupCommand = 1;
    internal const int MapUpdateCommand = 2;
    internal const int MapDeleteCommand = 3;
    internal const int ProgramLoadCommand = 5;
    internal const int ProgramTestRunCommand = 10;
    internal const int ProgramByIdCommand = 13;
    internal const int ObjectInfoCommand = 15;
    internal const int LinkCreateCommand = 28;
    internal const int LinkDetachCommand = 34;

    internal const uint ClassifierProgramType = 3;
    internal const uint XdpProgramType = 6;
    internal const uint XdpAttachType = 37;

    internal const int EPerm = 1;
    internal const int ENoEnt = 2;
    internal const int EBusy = 16;
    internal const int EExist = 17;
    internal const int ENoDev = 19;
    internal const int EInval = 22;
    internal const int ERange = 34;
    internal const int EOpNotSupp = 95;

    private const long BpfCall = 321;

    /// <summary>The call itself; the caller reads the error number.</summary>
    internal static int Call<T>(int command, ref T attribute)
        where T : unmanaged
    {
        fixed (T* start = &attribute)
        {
            return (int)SystemCall(BpfCall, command, start, (uint)sizeof(T));
        }
    }

    /// <summary>A name as the kernel keeps it, cut at 15 characters.</summary>
    internal static ObjectName Name(string name)
    {
        ObjectName result = default;
        _ = Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, ObjectNameLength - 1)), result);
        return result;
    }

    private const int ObjectNameLength = 16;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long SystemCall(long number, long command, void* attribute, long size);

    [InlineArray(ObjectNameLength)]
    internal struct ObjectName
    {
        private byte _first;
    }

    [InlineArray(8)]
    internal struct ProgramTag
    {
        private byte _first;
    }

    /// <summary>Of <see cref="MapCreateCommand"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MapCreate
    {
        internal uint Kind;
        internal uint KeySize;
        internal uint ValueSize;
        internal uint Entries;
        internal uint Flags;
        internal uint InnerMap;
        internal uint NumaNode;
        internal ObjectName Name;
    }

    /// <summary>Of the commands on one element.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MapElement
    {
        internal uint Map;
        internal void* Key;
        internal void* Value;
        internal ulong Flags;
    }

    /// <summary>Of <see cref="ProgramLoadCommand"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProgramLoad
    {
        internal uint Kind;
        internal uint InstructionCount;
        internal void* Instructions;
        internal byte* License;
        internal uint LogLevel;
        internal uint LogSize;
        internal byte* Log;
        internal uint KernelVersion;
        internal uint Flags;
        internal ObjectName Name;
        internal uint InterfaceIndex;
        internal uint ExpectedAttachType;
    }

    /// <summary>Of <see cref="ProgramTestRunCommand"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TestRun
    {
        internal uint Program;
        internal uint Result;
        internal uint InputSize;
        internal uint OutputSize;
        internal void* Input;
        internal void* Output;
        internal uint Repeat;
        internal uint Nanoseconds;
        internal uint ContextInputSize;
        internal uint ContextOutputSize;
        internal void* ContextInput;
        internal void* ContextOutput;
        internal uint Flags;
        internal uint Cpu;
    }

    /// <summary>Of <see cref="ProgramByIdCommand"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ById
    {
        internal uint Id;
        internal uint NextId;
        internal uint OpenFlags;
    }

    /// <summary>Of <see cref="ObjectInfoCommand"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ObjectInfo
    {
        internal uint Descriptor;
        internal uint Length;
        internal void* Info;
    }

    /// <summary>The start of <c>struct bpf_prog_info</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ProgramInfo
    {
        internal uint Kind;
        internal uint Id;
        internal ProgramTag Tag;
        internal uint JitedLength;
        internal uint TranslatedLength;
        internal ulong JitedInstructions;
        internal ulong TranslatedInstructions;
        internal ulong LoadTime;
        internal uint CreatedByUser;
        internal uint MapCount;
        internal ulong MapIds;
        internal ObjectName Name;
    }

    /// <summary>The start of <c>struct bpf_link_info</c>, of a link to an interface.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 24)]
    internal struct LinkInfo
    {
        [FieldOffset(8)]
        internal uint Program;

        [FieldOffset(16)]
        internal uint InterfaceIndex;
    }

    /// <summary>Of <see cref="LinkCreateCommand"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LinkCreate
    {
        internal uint Program;
        internal uint InterfaceIndex;
        internal uint AttachType;
        internal uint Flags;
    }
}
