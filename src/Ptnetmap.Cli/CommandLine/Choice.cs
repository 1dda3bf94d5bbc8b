using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>Makes options whose errors name the option, the limits and the value.</summary>
internal static class Choice
{
    /// <summary>A whole number between two limits.</summary>
    internal static Option<long> Whole(string name, string unit, string what, long low, long high, long usual)
    {
        var option = Whole(name, unit, what, low, high);
        option.DefaultValueFactory = _ => usual;
        return option;
    }

    /// <summary>A setting of the daemon's that is a whole number, with the limits that it has there.</summary>
    internal static Option<long> Whole(string name, string unit, string what, string key, long usual) =>
        Whole(name, unit, what, SettingLimits.Of(key).Low, SettingLimits.Of(key).High, usual);

    /// <summary>The same, without a default: 0 stands for "not given".</summary>
    internal static Option<long> Whole(string name, string unit, string what, string key) =>
        Whole(name, unit, what, SettingLimits.Of(key).Low, SettingLimits.Of(key).High);

    /// <summary>A whole number between two limits, without a default: 0 stands for "not given".</summary>
    internal static Option<long> Whole(string name, string unit, string what, long low, long high) => new(name)
    {
        Description = what,
        HelpName = unit,
        CustomParser = argument => ParseWhole(argument, name, low, high),
    };

    /// <summary>A number of seconds.</summary>
    internal static Option<double> Seconds(string name, string what, double low, double high, double usual) => new(name)
    {
        Description = what,
        HelpName = "S",
        DefaultValueFactory = _ => usual,
        CustomParser = argument =>
        {
            string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= low && value <= high)
            {
                return value;
            }

            argument.AddError($"{name} {Printable.Name(text)}: expected seconds from {low} to {high}");
            return usual;
        },
    };

    /// <summary>One of several words.</summary>
    internal static Option<string> Word(string name, string what, string usual, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = what,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => usual,
            CustomParser = argument =>
            {
                string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
                if (words.Contains(text, StringComparer.Ordinal))
                {
                    return text;
                }

                argument.AddError($"{name} {Printable.Name(text)}: expected {string.Join(", ", words)}");
                return usual;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>Present or not.</summary>
    internal static Option<bool> Flag(string name, string what) => new(name) { Description = what };

    // 10k, 100M and the like are how packet rates and counts are spoken of.
    private static long ParseWhole(ArgumentResult argument, string name, long low, long high)
    {
        string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
        (string digits, long unit) = text.Length == 0 ? (text, 1) : text[^1] switch
        {
            'k' => (text[..^1], 1000L),
            'M' => (text[..^1], 1_000_000L),
            'G' => (text[..^1], 1_000_000_000L),
            _ => (text, 1L),
        };
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number <= high / unit && number >= low / unit && number * unit >= low)
        {
            return number * unit;
        }

        argument.AddError($"{name} {Printable.Name(text)}: expected a whole number from {low} to {high}{(high >= 1000 ? " (10k and 2M are understood)" : "")}");
        return low;
    }
}
