using System.Diagnostics;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>The sources that this program was built in, when it still is where it was built: their scripts fetch and
/// make what virtual machines need.</summary>
/// <param name="Root">Their top folder.</param>
public sealed record SourceTree(string Root)
{
    private const string Mark = "eng/make-initramfs";

    /// <summary>The folder above this program that has the scripts; null for a program that was installed.</summary>
    public static SourceTree? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
            {
                return new SourceTree(folder.FullName);
            }
        }

        return null;
    }

    /// <summary>Runs a script to its end. What it says of its progress goes to standard error.</summary>
    /// <param name="cancellation">Ends the script.</param>
    /// <param name="command">The script, from the top folder, and its arguments.</param>
    /// <exception cref="IOException">It failed, and has said why.</exception>
    public async Task RunAsync(CancellationToken cancellation, params string[] command)
    {
        ProcessStartInfo start = new(Path.Combine(Root, command[0]), command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            _ = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            // Ctrl-C on the terminal reaches the script as well.
            cancellation.ThrowIfCancellationRequested();
            throw new IOException($"{command[0]} ended with {process.ExitCode}; its reason is above");
        }
    }
}
