using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.Linux.Net;

/// <summary>Names of namespaces that lead to something else.</summary>
public sealed class NetworkNamespaceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_and_a_directory_are_none_and_are_named()
    {
        string file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");
        Assert.Contains(
            "is a regular file and no network namespace",
            Assert.Throws<LinuxException>(() => NetworkNamespace.OpenNamed(file)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "is a directory and no", Assert.Throws<LinuxException>(() =>
                NetworkNamespace.OpenNamed(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_FIFO_is_none_and_nobody_waits_for_its_other_end()
    {
        string fifo = Path.Combine(_folder.FullName, "fifo");
        using (var make = System.Diagnostics.Process.Start("mkfifo", fifo))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Task<LinuxException> refused =
            Task.Run(() => Assert.Throws<LinuxException>(() => NetworkNamespace.OpenNamed(fifo)));
        LinuxException refusal =
            await refused.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Contains("is a FIFO and no", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void That_of_this_thread_is_one_by_its_path()
    {
        using NetworkNamespace here = NetworkNamespace.OpenNamed("/proc/self/ns/net");
        Assert.NotEqual(0ul, here.Id);
    }
}
