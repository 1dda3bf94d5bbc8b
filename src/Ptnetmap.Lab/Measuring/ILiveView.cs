namespace Ptnetmap.Lab.Measuring;

/// <summary>Shows figures while they come about. It is called on the measuring thread, inside the window, where nothing
/// may be allocated.</summary>
public interface ILiveView
{
    /// <summary>Time between two calls of <see cref="Show"/>.</summary>
    public TimeSpan Interval { get; }

    /// <summary>The window is open.</summary>
    public void Begin(Sample opened)
    {
    }

    /// <summary>So much has happened by now.</summary>
    public void Show(Sample now);
}
