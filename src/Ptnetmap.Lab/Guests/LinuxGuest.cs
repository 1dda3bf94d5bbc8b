using System.Diagnostics;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>A guest that is a Linux VM under QEMU, with <c>ptnet guest pkt-gen</c> on its port. What it has sent and
/// got is what the host counts at the port's rings; what it found wrong, and how often it slept, it says at its
/// end.</summary>
public sealed class LinuxGuest : IBenchGuest
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // TCG translates code when it is run for the first time.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private readonly LinuxHost _host;
    private readonly Port _port;
    private readonly string _program;
    private readonly long? _limit;
    private readonly CancellationToken _stop;
    private readonly GuestMachine _machine;
    private GuestRunReport? _report;
    private bool _started;

    /// <summary>Starts its machine.</summary>
    /// <param name="host">What serves the port.</param>
    /// <param name="port">Its port.</param>
    /// <param name="name">Its name.</param>
    /// <param name="program">What <c>ptnet guest</c> is told.</param>
    /// <param name="limit">A sender's packets, 0 for ever; null: it receives.</param>
    /// <param name="stop">Ends what is waited for.</param>
    public LinuxGuest(LinuxHost host, Port port, string name, string program, long? limit, CancellationToken stop)
    {
        (_host, _port, _program, _limit, _stop, Name) = (host, port, program, limit, stop, name);
        _machine = host.StartMachine(name, port);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public GuestCounters Counters
    {
        get
        {
            GuestCounters sum = default;
            foreach (Kring ring in _limit is null ? _port.RxRings : _port.TxRings)
            {
                sum.Packets += ring.Counters.Packets;
                sum.Bytes += ring.Counters.Bytes;
            }

            if (_report is { } report)
            {
                (sum.Lost, sum.Duplicated, sum.Reordered) = (report.Lost, report.Duplicated, report.Reordered);
                (sum.Damaged, sum.BadSlots, sum.Sleeps) = (report.Damaged, report.BadSlots, report.Sleeps);
            }

            return sum;
        }
    }

    /// <inheritdoc/>
    public bool IsFinished => (_limit > 0 && Counters.Packets >= _limit) || (_started && !_host.IsAttached(_port));

    /// <inheritdoc/>
    public long OutsideCpuNanoseconds => _machine.CpuNanoseconds;

    /// <inheritdoc/>
    public void Boot() => _machine.BootAsync(_stop).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Start() => StartAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Stop()
    {
        try
        {
            _report ??= _machine.StopProgramAsync(_stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // A signal on the terminal has reached QEMU as well: what the host has counted stands.
            Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _machine.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task StartAsync()
    {
        await _machine.StartProgramAsync(_program, _stop);
        if (_limit is null)
        {
            await AwaitAsync("its program did not start its port", () => _host.IsAttached(_port));
        }
        else
        {
            await AwaitAsync("no frame came", () => Counters.Packets > 0);
            await Task.Delay(WarmUp, _stop);
        }

        _started = true;
    }

    private async Task AwaitAsync(string complaint, Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > StartLimit)
            {
                throw _machine.Trouble($"{complaint} in {StartLimit.TotalSeconds} s");
            }

            await Task.Delay(Look, _stop);
        }
    }
}
