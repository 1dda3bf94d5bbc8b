using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A setting, declared once: configuration file, API, its description and the command line go by
/// this.</summary>
/// <param name="name">Its name in file and API: <c>busy_poll</c>.</param>
/// <param name="help">What it is, in sentences; its default as well, where that is no value.</param>
/// <param name="unit">What stands for the value in help: <c>BYTES</c>.</param>
public abstract class Setting(string name, string help, string unit = "")
{
    /// <summary>Its name in file and API.</summary>
    public string Name => name;

    /// <summary>What it is.</summary>
    public string Help => help;

    /// <summary>There is no usual value, so it has to be given; on the command line as an argument.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The option that sets it, without dashes; empty: none does.</summary>
    public string Option { get; init; } = name.Replace('_', '-');

    /// <summary>That option, as it is written.</summary>
    public virtual string OptionName => $"--{Option}";

    /// <summary>What stands for the value in help: <c>BYTES</c>.</summary>
    public string Unit { get; init; } = unit;

    /// <summary>Its schema of JSON, without its help.</summary>
    internal abstract JsonObject Schema { get; }
}
