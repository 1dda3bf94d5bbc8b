namespace Ptnetmap.Daemon.Configuration;

/// <summary>A setting of an object.</summary>
/// <typeparam name="T">The object's settings.</typeparam>
public abstract class Setting<T>(string name, string help, string unit = "") : Setting(name, help, unit)
{
    /// <summary>True when it has another value than it has when nothing is said.</summary>
    internal abstract bool IsSet(T settings);

    /// <summary>What is wrong with its value, whatever the other settings are.</summary>
    internal abstract IEnumerable<Fault> Check(T settings);

    /// <summary>Takes its value, if there is one that is right.</summary>
    internal abstract void Read(Section section, T settings);
}
