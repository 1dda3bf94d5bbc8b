using System.Diagnostics;
using System.Globalization;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Integration.Tests.HostPorts;

/// <summary>A guest in a process of its own, to which this one passes kicks on.</summary>
internal sealed class ProcessPeer : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _counted;

    private ProcessPeer(Process process, GuestAttachment guest)
    {
        _process = process;
        _counted = PassKicks(guest);
    }

    /// <summary>Starts one.</summary>
    /// <param name="guest">Its port.</param>
    /// <param name="program">send or receive.</param>
    /// <param name="packets">How many.</param>
    internal static ProcessPeer Start(GuestAttachment guest, string program, int packets)
    {
        string files = $"/proc/{Environment.ProcessId}/fd";
        string[] arguments =
        [
            "guest", $"{files}/{guest.Region.File.Number}", RegionDescriptor.Write(guest.Region.Layout),
            $"{guest.InterfaceOffset}",
            $"{files}/{guest.Csb.File.Number}", program, $"{packets}",
        ];
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Ptnetmap.Peer"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        return new ProcessPeer(Process.Start(start)!, guest);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Packets, lost, duplicated, reordered, damaged.</returns>
    internal Task<string> Counted(TimeSpan patience) =>
        _counted.WaitAsync(patience, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> PassKicks(GuestAttachment guest)
    {
        while (await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!int.TryParse(line, CultureInfo.InvariantCulture, out int ring))
            {
                return line;
            }

            guest.Kicks[ring].Signal();
        }

        return "it ended early";
    }
}
