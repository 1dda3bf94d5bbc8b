namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>What Linux guests are booted from, had once for all runs, and a folder that goes with it.</summary>
public sealed class LinuxBoot : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-lab-");

    /// <summary>Finds, fetches and makes it.</summary>
    /// <param name="settings">What is named.</param>
    /// <param name="people">Where to say what takes a while.</param>
    /// <param name="stop">Ends what is waited for.</param>
    /// <exception cref="IOException">Something cannot be had; the message names the command that gets it.</exception>
    /// <exception cref="OperationCanceledException">The end was asked for.</exception>
    public LinuxBoot(LinuxGuestSettings settings, TextWriter people, CancellationToken stop)
    {
        (Accelerator, People, Stop) = (settings.Accelerator, people, stop);
        try
        {
            Files = GuestFiles.GatherAsync(settings, Folder, people, stop).GetAwaiter().GetResult();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What runs the guests' instructions.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>QEMU, kernel and initramfs.</summary>
    public GuestFiles Files { get; }

    /// <summary>Where to say what takes a while.</summary>
    public TextWriter People { get; }

    /// <summary>Ends what is waited for.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Where consoles are logged.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The run directory of the daemon that serves them.</summary>
    public string RunDirectory => Path.Combine(Folder, "run");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
