namespace Ptnetmap.Daemon.Running;

/// <summary>What there is of one kind, by name, in the order in which it came. It is changed by one thread at a time;
/// whoever reads gets a list that does not change, and waits for nobody.</summary>
/// <param name="nameOf">What one of them is called.</param>
internal sealed class NamedList<T>(Func<T, string> nameOf)
    where T : class
{
    private volatile T[] _all = [];

    internal IReadOnlyList<T> All => _all;

    internal IEnumerable<string> Names => _all.Select(nameOf);

    internal T? TryFind(string name) =>
        Array.Find(_all, one => string.Equals(nameOf(one), name, StringComparison.Ordinal));

    /// <summary>Adds some, all at once.</summary>
    internal void Add(params ReadOnlySpan<T> more) => _all = [.. _all, .. more];

    internal void Remove(T one) => _all = [.. _all.Where(other => !ReferenceEquals(other, one))];

    internal void Clear() => _all = [];
}
