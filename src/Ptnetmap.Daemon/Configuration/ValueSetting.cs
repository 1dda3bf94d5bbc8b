namespace Ptnetmap.Daemon.Configuration;

/// <summary>A setting of one kind of value.</summary>
/// <typeparam name="T">The object's settings.</typeparam>
/// <typeparam name="TValue">The value; null: nothing is set, which stands for what the help says.</typeparam>
public abstract class ValueSetting<T, TValue>(
    string name, string help, Func<T, TValue?> get, Action<T, TValue> set, string unit = "")
    : Setting<T>(name, help, unit)
    where T : new()
{
    /// <summary>The value that it has when nothing is said.</summary>
    public TValue? Usual { get; } = get(new T());

    /// <summary>Its value.</summary>
    public TValue? Get(T settings) => get(settings);

    /// <summary>Sets it.</summary>
    public void Set(T settings, TValue value) => set(settings, value);

    /// <inheritdoc/>
    internal override bool IsSet(T settings) => !EqualityComparer<TValue?>.Default.Equals(get(settings), Usual);

    /// <inheritdoc/>
    internal override IEnumerable<Fault> Check(T settings) =>
        get(settings) is { } value && WhyNot(value) is { } why ? [new Fault(Name, why)] : [];

    /// <inheritdoc/>
    internal override void Read(Section section, T settings)
    {
        if (section.Find(Name) is not { } found || (found.Data is null && Usual is null))
        {
            return;
        }

        if (TryRead(section, found, out TValue? value))
        {
            set(settings, value!);
        }
        else
        {
            ReadNothing(settings);
        }
    }

    /// <summary>Reads a value; when it is none, that is told.</summary>
    private protected abstract bool TryRead(Section section, ConfigValue found, out TValue? value);

    /// <summary>Leaves what nothing else is found to be wrong with, where the value was none.</summary>
    private protected virtual void ReadNothing(T settings)
    {
    }

    /// <summary>What is wrong with a value; null when it is right.</summary>
    private protected virtual string? WhyNot(TValue value) => null;

    /// <summary>Tells that something else is there than what was expected.</summary>
    private protected bool Refuse(Section section, ConfigValue found, string expected)
    {
        section.TellUnexpected(found, Name, expected, IsRequired);
        return false;
    }
}
