namespace Ptnetmap.Daemon.Configuration;

/// <summary>A way by which settings come in: where what is wrong with them is told, and in which words.</summary>
internal abstract class SettingsDoor
{
    /// <summary>What a text is called.</summary>
    internal abstract string Text { get; }

    /// <summary>What a table is called.</summary>
    internal abstract string Table { get; }

    /// <summary>What is there, in words.</summary>
    internal abstract string Describe(object? data);

    /// <summary>Tells what is wrong with a setting.</summary>
    /// <param name="line">Its line, from 1, where there are lines.</param>
    /// <param name="key">Its name, with those of the tables that it is in.</param>
    /// <param name="text">What is wrong.</param>
    internal abstract void Tell(int line, string key, string text);

    /// <summary>Tells that there is no such setting.</summary>
    /// <param name="section">Where it is.</param>
    /// <param name="key">What is there.</param>
    /// <param name="known">What there is.</param>
    internal abstract void TellUnknown(Section section, string key, IEnumerable<string> known);

    /// <summary>Tells which settings are missing.</summary>
    internal abstract void TellMissing(Section section, IReadOnlyList<string> keys);

    /// <summary>True for a number that is told to be none of the kind, not to be outside its limits.</summary>
    internal virtual bool IsNone(long number, NumberLimits limits) => false;
}
