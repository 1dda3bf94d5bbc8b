using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Service;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Lab.Demo;

/// <summary>The demonstration with two Linux VMs under an unmodified QEMU. For each scenario it is a daemon of its own, with
/// a private run directory, and boots two fresh machines: strangers are not to have seen the partners' region.</summary>
public sealed class LinuxDemo : IDisposable
{
    private const int GuestMemoryMiB = 256;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-demo-");
    private readonly double _seconds;
    private readonly JsonTarget _json;
    private readonly StopRequest _stop;

    /// <summary>Prepares it.</summary>
    public LinuxDemo(double seconds, JsonTarget json, StopRequest stop)
    {
        _seconds = seconds;
        _json = json;
        _stop = stop;
    }

    private TextWriter People => _json.People;

    private string RunDirectory => Path.Combine(_folder.FullName, "run");

    /// <summary>Shows all scenarios.</summary>
    /// <returns>A report of each that was measured.</returns>
    /// <exception cref="IOException">QEMU, kernel or initramfs cannot be had, or a guest failed.</exception>
    public async Task<IReadOnlyList<BenchReport>> ShowAsync(LinuxGuestSettings settings)
    {
        var reports = new List<BenchReport>();
        Accelerator accelerator = settings.Accelerator;
        try
        {
            GuestFiles files = await GuestFiles.GatherAsync(settings, _folder.FullName, People, _stop.Token);
            Introduce(files, accelerator);
            foreach (LinuxScenario scenario in LinuxScenario.All.TakeWhile(_ => !_stop.IsRequested))
            {
                People.WriteLine();
                People.WriteLine(scenario.Story);
                People.Flush();
                reports.Add(await PlayAsync(scenario, files, accelerator));
            }
        }
        catch (OperationCanceledException)
        {
            // A signal, while nothing was measured.
        }

        People.WriteLine();
        if (reports.Count > 0)
        {
            LinuxText.Write(reports, !accelerator.IsKvm, People);
        }

        if (_stop.IsRequested)
        {
            People.WriteLine(reports.Count > 0
                ? "Stopped before the end: these are the figures so far."
                : "Stopped before there was anything to measure.");
        }

        _json.Write(new BenchSeries("demo", reports), ReportJson.Plain.BenchSeries);
        return reports;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    // Receivers never send, so the switch could not learn where they are.
    private static void TeachSwitch(Port port)
    {
        if (port is ValePort { Switch: ValeSwitch<LearningLookup> vale } end)
        {
            _ = vale.Lookup.Table.TryAddStatic(LinuxScenario.Receiver.Value, end.Number);
        }
    }

    private void Introduce(GuestFiles files, Accelerator accelerator)
    {
        People.WriteLine(
            "Two Linux VMs exchange frames of 60 bytes, as fast as they can, through netmap ports passed through to them.");
        People.WriteLine($"An unmodified QEMU runs them: {files.Qemu}.");
        People.WriteLine(accelerator switch
        {
            { IsKvm: true } => "Their instructions run natively, on KVM.",
            { Reason: { } reason } => $"Their instructions are emulated (TCG), for want of KVM: {reason}.",
            _ => "Their instructions are emulated (TCG), as asked for.",
        });
        People.WriteLine($"Meanwhile, on another terminal: ptnet stats --watch --run-dir {RunDirectory}");
    }

    private async Task<BenchReport> PlayAsync(LinuxScenario scenario, GuestFiles files, Accelerator accelerator)
    {
        using ILoggerFactory logs = LogSetup.Create(scenario.Settings);
        await using DaemonHost host = await DaemonHost.Start(scenario.Settings, RunDirectory, DaemonHost.CreateTransports(), logs);
        TeachSwitch(host.Inventory.FindPort(scenario.ReceiverPort).Port);
        var watch = Stopwatch.StartNew();
        await using GuestMachine receiver = Start("receiver", scenario.ReceiverPort);
        await using GuestMachine sender = Start("sender", scenario.SenderPort);
        await Task.WhenAll(receiver.BootAsync(_stop.Token), sender.BootAsync(_stop.Token));
        People.WriteLine($"   both VMs have booted: {watch.Elapsed.TotalSeconds:F1} s");
        People.Flush();
        DaemonHost.Settle();
        var run = new LinuxRun(scenario, host.Inventory, sender, receiver, _stop);
        using Stream screen = _json.OwnsStandardOutput ? StandardDescriptors.OpenError() : StandardDescriptors.OpenOutput();
        bool inPlace = !(_json.OwnsStandardOutput ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        await run.GoAsync(TimeSpan.FromSeconds(_seconds), new LiveLine(screen, inPlace));
        BenchReport report = LinuxReport.Of(scenario, run, host.Inventory, accelerator, _stop.IsRequested);
        People.WriteLine($"   in all   {report.Mpps,8:F2} Mpps  {report.Gbps,7:F2} Gbit/s  {report.CpuCores,5:F2} cores");
        return report;

        GuestMachine Start(string name, string port)
        {
            var vm = VmArguments.Of(host.Inventory, new VmSettings { Ports = [port], MemoryMiB = GuestMemoryMiB });
            return GuestMachine.Start(
                files.Qemu, name, new QemuArguments(vm, accelerator, files.Kernel, files.Initrd), _folder.FullName);
        }
    }
}
