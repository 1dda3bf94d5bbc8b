using System.Globalization;

namespace Ptnetmap.Linux;

/// <summary>Numbers of things in sentences: <c>1 worker</c>, <c>2 workers</c>.</summary>
public static class Quantity
{
    /// <summary>So many of something whose plural has an s.</summary>
    public static string Of(long count, string one) => Of(count, one, one + "s");

    /// <summary>So many of something.</summary>
    public static string Of(long count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
