using OxyPlot;

namespace Ptnetmap.Lab.Reporting;

/// <summary>How much room a text takes in a browser. OxyPlot's own measure, of PDF's fonts, is a quarter less, and then
/// lines of text overlap and legends are cut off.</summary>
internal sealed class BrowserTextMeasure() : PdfRenderContext(1, 1, OxyColors.White)
{
    // Of DejaVu Sans, the widest of the fonts that a picture names, to what is measured: "Packets a second" in each.
    private const double WidthRatio = 1.3;

    // 1.2 em is a line; what is measured is 0.84 em.
    private const double HeightRatio = 1.4;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        OxySize size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(size.Width * WidthRatio, size.Height * HeightRatio);
    }
}
