using System.Text;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli;

/// <summary>Standard output or error: whatever is written comes out as <see cref="Printable"/> has it, so that no name,
/// file or answer of others reaches the terminal as more than text. Line ends are the program's own.</summary>
internal sealed class PrintedWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) =>
        inner.Write(char.IsSurrogate(value) ? value.ToString() : Printable.Lines(value.ToString()));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => inner.Write(Printable.Lines(value ?? ""));

    public override void WriteLine(string? value) => inner.WriteLine(Printable.Lines(value ?? ""));

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
