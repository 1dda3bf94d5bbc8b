using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Tables that are not on a terminal.</summary>
public sealed class TextTableTests
{
    [Fact]
    public void A_row_is_one_line_however_long_a_name_is()
    {
        string name = new('x', 5000);
        var table = new TextTable("port", "packets");
        table.Add(name, "3");
        using var output = new StringWriter();

        table.Write(output);

        Assert.Contains($"  {name}   3", output.ToString(), StringComparison.Ordinal);
    }
}
