using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>Makes options whose errors name the option, the limits and the value.</summary>
internal static class Choice
{
    /// <summary>A whole number between two limits; without a usual value, 0 stands for "not given".</summary>
    internal static Option<long> Whole(string name, string unit, string what, long low, long high, long? usual = null)
    {
        var option = new Option<long>(name)
        {
            Description = what,
            HelpName = unit,
            CustomParser = argument => ParseWhole(argument, name, low, high),
        };
        if (usual is { } number)
        {
            option.DefaultValueFactory = _ => number;
        }

        return option;
    }

    /// <summary>The same.</summary>
    internal static Option<long> Whole(string name, string unit, string what, NumberLimits limits,
        long? usual = null) =>
            Whole(name, unit, what, limits.Low, limits.High, usual);

    /// <summary>Whole numbers between two limits, with commas.</summary>
    internal static Option<int[]> Wholes(string name, string unit, string what, NumberLimits limits) => new(name)
    {
        Arity = ArgumentArity.ExactlyOne,
        Description = what,
        HelpName = unit,
        CustomParser = argument =>
        {
            string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
            int?[] numbers = [.. text.Split(',').Select(part =>
                int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    && limits.Holds(number) ? number : (int?)null)];
            if (Array.Exists(numbers, number => number is null))
            {
                argument.AddError($"{name} {Printable.Name(text)}: expected whole numbers from " +
                    $"{limits.Low} to {limits.High}, with commas");
                return [];
            }

            return [.. numbers.OfType<int>()];
        },
    };

    /// <summary>Texts with commas.</summary>
    internal static Option<string[]> Vlans(string name, string unit, string what,
        Func<string, string?> rule) => new(name)
        {
            Description = what,
            HelpName = unit,
            CustomParser = argument =>
            {
                string[] texts = argument.Tokens.Count > 0 ? argument.Tokens[0].Value.Split(',') : [""];
                if (texts.Select(rule).FirstOrDefault(why => why is not null) is { } fault)
                {
                    argument.AddError($"{name} {fault}");
                }

                return texts;
            },
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
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value >= low && value <= high)
            {
                return value;
            }

            argument.AddError($"{name} {Printable.Name(text)}: expected seconds from {low} to {high}");
            return usual;
        },
    };

    /// <summary>One of several words; null when it is not given and there is no usual one.</summary>
    internal static Option<string> Word(string name, string what, string? usual, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = what,
            HelpName = string.Join('|', words),
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
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }

        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>Some of several words, with commas, each once; none when it is not given.</summary>
    internal static Option<string[]> Words(string name, string unit, string what, string[] words)
    {
        var option = new Option<string[]>(name)
        {
            Description = what,
            HelpName = unit,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = argument =>
            {
                string text = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : "";
                string[] chosen = [.. text.Split(',').Distinct(StringComparer.Ordinal)];
                if (!chosen.All(word => words.Contains(word, StringComparer.Ordinal)))
                {
                    argument.AddError($"{name} {Printable.Name(text)}: expected some of {string.Join(",", words)}");
                }

                return chosen;
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

        argument.AddError($"{name} {Printable.Name(text)}: expected a whole number from " +
            $"{low} to {high}{(high >= 1000 ? " (10k and 2M are understood)" : "")}");
        return low;
    }
}
