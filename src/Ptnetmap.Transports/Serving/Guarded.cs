using System.Diagnostics.CodeAnalysis;

namespace Ptnetmap.Transports.Serving;

/// <summary>Something that is done for one client again and again. Whatever goes wrong with it is that client's end and
/// nobody else's.</summary>
/// <param name="act">What is done.</param>
/// <param name="failed">Told of what went wrong; does not throw.</param>
internal sealed class Guarded(Action act, Action<Exception> failed)
{
    [SuppressMessage("Design", "CA1031", Justification = "It is told, and costs the client that it came of.")]
    internal void Run()
    {
        try
        {
            act();
        }
        catch (Exception failure)
        {
            failed(failure);
        }
    }
}
