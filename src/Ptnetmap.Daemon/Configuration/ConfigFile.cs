using System.Text;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Reads a configuration file as text, and nothing else that may have been named by mistake: opened without
/// waiting for anybody, a plain file, of a size that a configuration may have.</summary>
internal static class ConfigFile
{
    /// <summary>Longest file, in bytes.</summary>
    internal const int Longest = 1 << 20;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its text.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="ConfigException">What is in it is no configuration.</exception>
    internal static string Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        try
        {
            string text = Strict.GetString(bytes);
            int zero = text.IndexOf('\0', StringComparison.Ordinal);
            return zero < 0
                ? text.TrimStart('\uFEFF')
                : throw NoText(path, $"it has a zero byte (in line {LineAt(text, zero)}), and so is no text");
        }
        catch (DecoderFallbackException wrong)
        {
            throw NoText(path, $"byte {wrong.Index} is not UTF-8, so it is no text of TOML");
        }
    }

    private static byte[] ReadBytes(string path)
    {
        using FileDescriptor file = Open(path);
        FileStatus status = FileStatus.Of(file);
        if (status.Kind != FileKind.Regular)
        {
            throw Refused(path, $"it is {Called(status.Kind)}, and no plain file");
        }

        // One more than may be: a file grows while it is read, and those of the kernel have no size.
        byte[] bytes = new byte[Longest + 1];
        int length = file.ReadUpTo(bytes);
        return length <= Longest
            ? bytes[..length]
            : throw NoText(path, $"it has more than {Longest >> 20} MiB, which no configuration has");
    }

    private static FileDescriptor Open(string path)
    {
        try
        {
            return FileDescriptor.OpenToRead(path);
        }
        catch (LinuxException failure)
        {
            throw new IOException(
                $"configuration {Printable.Line(path)} cannot be read: {failure.Message} (option --config)", failure);
        }
    }

    private static string Called(FileKind kind) => kind switch
    {
        FileKind.Directory => "a directory",
        FileKind.Fifo => "a FIFO",
        FileKind.Socket => "a socket",
        _ => "a device",
    };

    private static int LineAt(string text, int place) => text.AsSpan(0, place).Count('\n') + 1;

    private static IOException Refused(string path, string why) => new(Text(path, why));

    private static ConfigException NoText(string path, string why) => new(Text(path, why));

    private static string Text(string path, string why) =>
        $"configuration {Printable.Line(path)}: {why} (option --config)";
}
