using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What is wrong with settings that came as JSON or in a query: by key.</summary>
/// <param name="before">What is said before a text that is there.</param>
internal sealed class FaultList(string before = "the text ") : SettingsDoor
{
    private readonly List<Fault> _faults = [];

    /// <inheritdoc/>
    internal override string Text => "a text";

    /// <inheritdoc/>
    internal override string Table => "an object";

    /// <summary>What to say of a key that there is not.</summary>
    internal static Fault Unknown(string key, IEnumerable<string> known) =>
        new(Printable.Name(key),
            $"there is no such setting; there are {(known.Any() ? string.Join(", ", known) : "none")}");

    /// <summary>Refuses what has faults.</summary>
    /// <exception cref="RefusalException">It has.</exception>
    internal void ThrowIfAny() => Refusals.Require(_faults);

    /// <inheritdoc/>
    internal override string Describe(object? data) => data switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => $"{before}'{Printable.Name(text)}'",
        List<ConfigValue> => "a list",
        ConfigTable => "an object",
        _ => $"{data}",
    };

    /// <inheritdoc/>
    internal override void Tell(int line, string key, string text) => _faults.Add(new Fault(key, text));

    /// <inheritdoc/>
    internal override void TellUnknown(Section section, string key, IEnumerable<string> known) =>
        _faults.Add(Unknown($"{section.Within}{key}", known));

    /// <inheritdoc/>
    internal override void TellMissing(Section section, IReadOnlyList<string> keys) =>
        _faults.AddRange(keys.Select(key => new Fault($"{section.Within}{key}", $"is required; expected {Text}")));

    /// <inheritdoc/>
    internal override bool IsNone(long number, NumberLimits limits) => (int)number != number
        && limits.High <= int.MaxValue;
}
