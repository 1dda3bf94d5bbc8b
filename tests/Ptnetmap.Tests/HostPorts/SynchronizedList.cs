using System.Collections;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>What another thread tells, in order.</summary>
internal sealed class SynchronizedList<T> : IReadOnlyList<T>
{
    private volatile T[] _all = [];

    public int Count => _all.Length;

    public T this[int index] => _all[index];

    public void Add(T one) => _all = [.. _all, one];

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_all).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
