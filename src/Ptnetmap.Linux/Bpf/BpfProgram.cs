using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Bpf;

/// <summary>A program that the kernel has verified and compiled. It lives as long as this object, a
/// <see cref="BpfLink"/> of it, or somebody else's descriptor.</summary>
public sealed class BpfProgram : IDisposable
{
    private const int LogSize = 256 << 10;
    private const int ErrorLines = 6;

    private BpfProgram(FileDescriptor file) => Descriptor = file;

    /// <summary>The program.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Loads an XDP program.</summary>
    /// <param name="name">Shown by <c>ip link</c> and <c>bpftool</c>; cut at 15 characters.</param>
    /// <param name="instructions">What <see cref="BpfAssembler.Assemble"/> made.</param>
    /// <exception cref="LinuxException">The verifier refused; the message has the end of its log.</exception>
    public static BpfProgram LoadXdp(string name, ReadOnlySpan<BpfInstruction> instructions) =>
        Load(name, instructions, BpfNative.XdpProgramType, BpfNative.XdpAttachType);

    /// <summary>Loads a program for the tcx hooks (<c>BPF_PROG_TYPE_SCHED_CLS</c>).</summary>
    /// <param name="name">Shown by <c>bpftool</c>; cut at 15 characters.</param>
    /// <param name="instructions">What <see cref="BpfAssembler.Assemble"/> made.</param>
    /// <exception cref="LinuxException">The verifier refused; the message has the end of its log.</exception>
    public static BpfProgram LoadClassifier(string name, ReadOnlySpan<BpfInstruction> instructions) =>
        Load(name, instructions, BpfNative.ClassifierProgramType, 0);

    private static unsafe BpfProgram Load(string name, ReadOnlySpan<BpfInstruction> instructions, uint kind,
        uint attachType)
    {
        var attribute = new BpfNative.ProgramLoad
        {
            Kind = kind,
            InstructionCount = (uint)instructions.Length,
            Name = BpfNative.Name(name),
            ExpectedAttachType = attachType,
        };
        fixed (byte* license = "BSD\0"u8)
        fixed (BpfInstruction* start = instructions)
        {
            attribute.License = license;
            attribute.Instructions = start;
            int number = BpfNative.Call(BpfNative.ProgramLoadCommand, ref attribute);
            if (number >= 0)
            {
                return new BpfProgram(new FileDescriptor(number));
            }

            int error = Marshal.GetLastPInvokeError();
            throw new LinuxException($"bpf(BPF_PROG_LOAD, {name})", error, error == BpfNative.EPerm
                ? "be root (CAP_BPF and CAP_NET_ADMIN)"
                : $"the verifier says: {Log(ref attribute)}");
        }
    }

    /// <summary>Runs the program on a frame, without an interface (<c>BPF_PROG_TEST_RUN</c>).</summary>
    /// <param name="frame">At least 14 bytes.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe XdpAction Run(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
        {
            var attribute = new BpfNative.TestRun
            {
                Program = (uint)Descriptor.Number,
                Input = start,
                InputSize = (uint)frame.Length,
                Repeat = 1,
            };
            int status = BpfNative.Call(BpfNative.ProgramTestRunCommand, ref attribute);
            GC.KeepAlive(this);
            return status == 0
                ? (XdpAction)attribute.Result
                : throw LinuxException.Last($"bpf(BPF_PROG_TEST_RUN, frame of {frame.Length} bytes)");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    // A second try that writes the log, of which the last lines have the reason.
    private static unsafe string Log(ref BpfNative.ProgramLoad attribute)
    {
        byte[] text = new byte[LogSize];
        fixed (byte* log = text)
        {
            attribute.Log = log;
            attribute.LogSize = LogSize;
            attribute.LogLevel = 1;
            int number = BpfNative.Call(BpfNative.ProgramLoadCommand, ref attribute);
            if (number >= 0)
            {
                _ = Libc.Close(number);
            }
        }

        int end = Array.IndexOf(text, (byte)0);
        string[] lines =
            Encoding.UTF8.GetString(text, 0, Math.Max(end, 0)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "nothing" : string.Join(" | ", lines.TakeLast(ErrorLines));
    }
}
