namespace Ptnetmap.Daemon.Running;

/// <summary>The trust domain that a change uses: one that is there, or one with a region of its own that is not the
/// inventory's yet, and goes when it does not become so.</summary>
internal sealed class PreparedDomain : IDisposable
{
    private readonly IDisposable[] _reservations;
    private bool _isTaken;

    internal PreparedDomain(TrustDomain there) : this(there, []) => _isTaken = true;

    /// <summary>Of a new one.</summary>
    /// <param name="made">It.</param>
    /// <param name="reservations">Given back at the end: its name and its number.</param>
    internal PreparedDomain(TrustDomain made, IDisposable[] reservations) =>
        (Domain, _reservations) = (made, reservations);

    internal TrustDomain Domain { get; }

    /// <summary>Makes a new one the caller's.</summary>
    /// <returns>True when it was nobody's yet.</returns>
    internal bool Take()
    {
        bool isNew = !_isTaken;
        _isTaken = true;
        return isNew;
    }

    public void Dispose()
    {
        if (!_isTaken)
        {
            Domain.Region.Dispose();
        }

        Array.ForEach(_reservations, reservation => reservation.Dispose());
    }
}
