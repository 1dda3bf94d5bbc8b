namespace Ptnetmap.Daemon.Configuration;

/// <summary>Where in a file settings were read, for what is found out only when they are used.</summary>
/// <param name="file">The file.</param>
public sealed class ConfigPlaces(string file = "")
{
    private readonly Dictionary<object, string> _places = new(ReferenceEqualityComparer.Instance);

    /// <summary>Remembers a place.</summary>
    /// <param name="settings">The settings, this very object.</param>
    /// <param name="line">The line, from 1.</param>
    internal void Add(object settings, int line) => _places[settings] = $"{file}:{line}";

    /// <summary>Has settings that were made of others, in their order, be where those were.</summary>
    internal void Follow(IReadOnlyList<object> before, IReadOnlyList<object> after)
    {
        foreach ((object old, object made) in before.Zip(after))
        {
            if (_places.TryGetValue(old, out string? place))
            {
                _places[made] = place;
            }
        }
    }

    /// <summary><c>FILE:LINE</c>; null for settings that are of no file.</summary>
    public string? Of(object settings) => _places.GetValueOrDefault(settings);
}
