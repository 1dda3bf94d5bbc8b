namespace Ptnetmap.Linux;

/// <summary>A terminal's settings (<c>termios(3)</c>), kept while a program that may die has the terminal, and put back
/// afterwards. Safe: they are kept as bytes in a buffer larger than glibc's and musl's <c>struct termios</c>
/// (60).</summary>
public sealed class TerminalSettings : IDisposable
{
    private const int StandardInput = 0;
    private const int Size = 128;

    private readonly byte[]? _settings;

    /// <summary>Remembers the settings of standard input; nothing when that is no terminal.</summary>
    public unsafe TerminalSettings()
    {
        byte[] settings = new byte[Size];
        fixed (byte* bytes = settings)
        {
            _settings = Libc.GetTerminal(StandardInput, bytes) == 0 ? settings : null;
        }
    }

    /// <summary>Puts them back.</summary>
    public unsafe void Dispose()
    {
        fixed (byte* bytes = _settings)
        {
            _ = bytes is null ? 0 : Libc.SetTerminal(StandardInput, Libc.SetNow, bytes);
        }
    }
}
