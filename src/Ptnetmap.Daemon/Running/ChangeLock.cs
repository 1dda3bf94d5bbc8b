using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>Lets one change be made at a time. Nobody waits for ever: a change that finds another one under way for too
/// long is refused, and told which.</summary>
/// <param name="patience">How long a change waits for the one before it.</param>
internal sealed class ChangeLock(TimeSpan patience)
{
    private readonly Lock _lock = new();
    private volatile Change? _now;
    private volatile bool _isClosed;

    /// <summary>Begins a change; to be disposed of on the same thread.</summary>
    /// <param name="what">What it does, for those who find it under way: <c>adding vale0:a</c>.</param>
    /// <exception cref="RefusalException">Another one is under way and does not end, or no more are to be
    /// made.</exception>
    internal Scope Enter(string what)
    {
        Scope change = TryEnter(what, patience) ?? throw new RefusalException(
            RefusalKind.Busy, $"{what}: another change has been under way{Describe()}; try again");
        if (!_isClosed)
        {
            return change;
        }

        change.Dispose();
        throw new RefusalException(RefusalKind.Busy, $"{what}: the daemon is ending");
    }

    /// <summary>Lets no more changes be made, and waits for the one that is under way.</summary>
    /// <returns>Null when that one does not end within <paramref name="limit"/>.</returns>
    internal Scope? Close(TimeSpan limit)
    {
        _isClosed = true;
        return TryEnter("the end", limit);
    }

    /// <summary>How long the change has taken that is under way, and which it is; empty when there is none.</summary>
    internal string Describe() =>
        _now is { } now ? $" for {(Environment.TickCount64 - now.Since) / 1000} s: {now.What}" : "";

    private Scope? TryEnter(string what, TimeSpan limit)
    {
        if (!_lock.TryEnter(limit))
        {
            return null;
        }

        _now = new Change(what, Environment.TickCount64);
        return new Scope(this);
    }

    private sealed record Change(string What, long Since);

    /// <summary>A change that is under way.</summary>
    internal sealed class Scope : IDisposable
    {
        private readonly ChangeLock _owner;

        internal Scope(ChangeLock owner) => _owner = owner;

        public void Dispose()
        {
            _owner._now = null;
            _owner._lock.Exit();
        }
    }
}
