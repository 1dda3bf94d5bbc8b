using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>Standard input, output and error, of which somebody may have closed any before he started us. Then the next
/// file that is opened gets the number, and what is written for people goes into it.</summary>
public static class StandardDescriptors
{
    private const int Output = 1;
    private const int Error = 2;
    private const int BrokenPipe = 32; // EPIPE
    private const int AccessMask = 3;
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;

    /// <summary>Opens <c>/dev/null</c> in the place of each that is closed. To be called first of all.</summary>
    public static void Fill()
    {
        while (true)
        {
            int number = Libc.Open("/dev/null", ReadWrite);
            if (number > Error)
            {
                _ = Libc.Close(number);
            }

            if (number is < 0 or > Error)
            {
                return;
            }
        }
    }

    /// <summary>Whether a number is one to write for people into. It is not when it was closed, and a file of the
    /// runtime's own has got it: one that is only read, or a pipe of which this process has the other end
    /// too.</summary>
    private static bool IsOutput(int number)
    {
        int flags = Libc.Fcntl(number, Libc.FGetFl, 0);
        return flags >= 0 && (flags & AccessMask) != ReadOnly && !IsOwnPipe(number);
    }

    /// <summary>Standard output; a stream that forgets everything where it was closed.</summary>
    public static Stream OpenOutput() => IsOutput(Output) ? new DescriptorStream(Output) : Stream.Null;

    /// <summary>Standard error, likewise.</summary>
    public static Stream OpenError() => IsOutput(Error) ? new DescriptorStream(Error) : Stream.Null;

    /// <summary>Writes all of it. Nobody who reads any more is no failure: there is nobody to tell.</summary>
    /// <exception cref="LinuxException">It cannot be written: the disk is full, say.</exception>
    internal static unsafe void Write(int number, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int done = 0; done < bytes.Length;)
            {
                nint written = Libc.Write(number, start + done, (nuint)(bytes.Length - done));
                int error = written < 0 ? Marshal.GetLastPInvokeError() : 0;
                if (error == Libc.EAgain)
                {
                    // Somebody has made the descriptor one that does not wait.
                    _ = Thread.Yield();
                }
                else if (error == BrokenPipe)
                {
                    return;
                }
                else if (error is not 0 and not Libc.EIntr)
                {
                    throw new LinuxException("write(standard output or error)", error);
                }

                done += (int)Math.Max(written, 0);
            }
        }
    }

    internal static bool IsOpen(int number) => Libc.Fcntl(number, Libc.FGetFd, 0) >= 0;

    private static bool IsOwnPipe(int number)
    {
        const string Own = "/proc/self/fd";
        string? target = TargetOf($"{Own}/{number}");
        return target is not null && target.StartsWith("pipe:", StringComparison.Ordinal)
            && Directory.EnumerateFileSystemEntries(Own).Any(other =>
                string.Equals(TargetOf(other), target, StringComparison.Ordinal)
                && int.TryParse(Path.GetFileName(other), out int end)
                && (Libc.Fcntl(end, Libc.FGetFl, 0) & AccessMask) == ReadOnly);
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
