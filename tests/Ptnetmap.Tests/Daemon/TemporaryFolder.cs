namespace Ptnetmap.Tests.Daemon;

/// <summary>A folder for one test; short, for socket paths have 107 bytes.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("ptnet").FullName;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
