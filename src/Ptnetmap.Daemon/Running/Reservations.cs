using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>What changes that are under way have spoken for before they hold the lock, so that no two of them make the
/// same thing.</summary>
internal sealed class Reservations
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>Speaks for a name.</summary>
    /// <returns>Gives it back when it is disposed of.</returns>
    /// <exception cref="RefusalException">Another change has.</exception>
    internal IDisposable Take(string name) => TryTake(name) ?? throw new RefusalException(
        RefusalKind.Conflict, $"{name} is being added by somebody else at this moment; choose another name, or wait " +
            "for the end of that");

    /// <summary>The same.</summary>
    /// <returns>Null when another change has.</returns>
    internal IDisposable? TryTake(string name)
    {
        lock (_lock)
        {
            return _taken.Add(name) ? new Reservation(this, name) : null;
        }
    }

    private sealed class Reservation(Reservations owner, string name) : IDisposable
    {
        public void Dispose()
        {
            lock (owner._lock)
            {
                _ = owner._taken.Remove(name);
            }
        }
    }
}
