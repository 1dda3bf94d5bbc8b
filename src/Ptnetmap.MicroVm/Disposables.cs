namespace Ptnetmap.MicroVm;

/// <summary>Parts of something that is being made: disposed of, last first, unless the making succeeded.</summary>
internal sealed class Disposables : IDisposable
{
    private readonly Stack<IDisposable> _parts = [];

    internal T Add<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }

    /// <summary>The whole owns its parts from now on.</summary>
    internal void Keep() => _parts.Clear();

    public void Dispose()
    {
        while (_parts.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }
}
