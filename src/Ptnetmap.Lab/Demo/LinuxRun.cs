using System.Diagnostics;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Linux;

namespace Ptnetmap.Lab.Demo;

/// <summary>One run of two booted guests: the receiver's program first, then the sender's; a window between two samples of
/// the host's counters; then the sender stops first, and both say what they have done.</summary>
public sealed class LinuxRun(LinuxScenario scenario, Inventory inventory, GuestMachine sender, GuestMachine receiver, StopRequest stop)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // TCG translates code when it is run for the first time.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly LinuxSampler _sampler = new(
        inventory, inventory.FindPort(scenario.SenderPort).Port.TxRings[0],
        inventory.FindPort(scenario.ReceiverPort).Port.RxRings[0], [sender, receiver]);

    /// <summary>The window's first sample.</summary>
    public Sample Opened { get; } = new();

    /// <summary>The window's last sample.</summary>
    public Sample Closed { get; } = new();

    /// <summary>After the end of both programs.</summary>
    public Sample Final { get; } = new();

    /// <summary>What the sender's program says; null when a signal came before it could.</summary>
    public GuestRunReport? Sent { get; private set; }

    /// <summary>What the receiver's program says; null when a signal came before it could.</summary>
    public GuestRunReport? Received { get; private set; }

    /// <summary>Runs it.</summary>
    /// <param name="window">What is counted.</param>
    /// <param name="live">Shows figures inside the window.</param>
    /// <exception cref="OperationCanceledException">A signal came before the window was open.</exception>
    /// <exception cref="IOException">A guest or its QEMU failed.</exception>
    public async Task GoAsync(TimeSpan window, ILiveView live)
    {
        await receiver.StartProgramAsync("pkt-gen rx --verify", stop.Token);
        await AwaitAsync("its program did not start its port", receiver, () => IsAttached(scenario.ReceiverPort));
        await sender.StartProgramAsync($"pkt-gen tx --frame {LinuxScenario.Frame}", stop.Token);
        await AwaitAsync("no frame came", receiver, () => _sampler.Received > 0);
        await Task.Delay(WarmUp, stop.Token);
        Measure(window, live);
        if (!stop.IsRequested)
        {
            await AskGuestsAsync();
        }

        _sampler.Read(Final);
    }

    private bool IsAttached(string port) => inventory.FindPort(port).Transport.State == TransportState.Attached;

    private void Measure(TimeSpan window, ILiveView live)
    {
        Sampler.ReadRuntime(Opened);
        _sampler.Read(Opened);
        live.Begin(Opened);
        long end = Opened.Nanoseconds + (long)window.TotalNanoseconds;
        long next = Opened.Nanoseconds;
        var glimpse = new Sample();
        do
        {
            next = Math.Min(end, next + (long)live.Interval.TotalNanoseconds);
            if (!stop.Wait(TimeSpan.FromTicks(Math.Max(0, next - LinuxThread.MonotonicNanoseconds) / TimeSpan.NanosecondsPerTick)))
            {
                _sampler.Read(glimpse);
                live.Show(glimpse);
            }
        }
        while (next < end && !stop.IsRequested);
        _sampler.Read(Closed);
        Sampler.ReadRuntime(Closed);
    }

    // A signal at this point ends the QEMUs as well: what the host has counted stands.
    private async Task AskGuestsAsync()
    {
        try
        {
            Sent = await sender.StopProgramAsync(stop.Token);
            Received = await receiver.StopProgramAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            Sent = null;
        }
    }

    private async Task AwaitAsync(string complaint, GuestMachine machine, Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > StartLimit)
            {
                throw machine.Trouble($"{complaint} in {StartLimit.TotalSeconds} s");
            }

            await Task.Delay(Look, stop.Token);
        }
    }
}
