using System.Runtime.InteropServices;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>Ctrl-C, SIGTERM, SIGQUIT, and SIGHUP where a terminal that goes is to end the run: the first one ends it in
/// good order. A second one ends the process at once, but only after <see cref="Repeat"/>: <c>timeout</c> and shells
/// send a signal to the process and to its group, twice within milliseconds. Whatever the end waits for, after
/// <see cref="LastResort"/> the process is gone.</summary>
internal sealed class StopSignal : StopRequest
{
    /// <summary>A second signal within this time is the first one's echo.</summary>
    internal static readonly TimeSpan Repeat = TimeSpan.FromSeconds(2);

    /// <summary>The longest that the end may take.</summary>
    internal static readonly TimeSpan LastResort = TimeSpan.FromSeconds(60);

    // Signals that end a process when nobody listens, by their numbers where .NET has no names for them.
    private static readonly (PosixSignal Number, string Name)[] Ignorable =
        [((PosixSignal)10, "SIGUSR1"), ((PosixSignal)12, "SIGUSR2"), ((PosixSignal)14, "SIGALRM")];

    private static volatile StopSignal? s_current;

    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeSpan _lastResort;
    private readonly Action<string> _giveUp;
    private readonly TimeProvider _clock;
    private long _first;

    /// <summary>Starts to listen.</summary>
    /// <param name="ignored">What to do, instead of stopping, on signals that a daemon is sent by mistake: SIGHUP,
    /// SIGUSR1, SIGUSR2, SIGALRM; it gets the name. Null: SIGHUP ends the run, and the others do nothing.</param>
    internal StopSignal(Action<string>? ignored = null)
        : this(ignored, LastResort, GiveUp, TimeProvider.System)
    {
    }

    /// <summary>The same, with another last resort: for tests.</summary>
    /// <param name="ignored">As above.</param>
    /// <param name="lastResort">The longest that the end may take.</param>
    /// <param name="giveUp">Called when it has taken longer, with what there is to say.</param>
    /// <param name="clock">By which a second signal is told from an echo.</param>
    internal StopSignal(Action<string>? ignored, TimeSpan lastResort, Action<string> giveUp, TimeProvider clock)
    {
        (_lastResort, _giveUp, _clock) = (lastResort, giveUp, clock);

        // Now, when there is room for it; and one of its own: those of the pool may be what does not end.
        _ = LinuxThread.Start(new Thread(WaitForEnd) { Name = "ptnet-last-resort", IsBackground = true });
        s_current = this;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal),
            PosixSignalRegistration.Create(
                PosixSignal.SIGHUP, ignored is null ? OnSignal : context => Ignore(context, "SIGHUP", ignored)),
            .. IgnoreOthers(ignored ?? (_ => { })),
        ];
    }

    /// <summary>For a signal whose handler the runtime could not start a thread for: asks the run to end as the signal
    /// does.</summary>
    /// <returns>False when there is no run.</returns>
    internal static bool TryRequest()
    {
        StopSignal? stop = s_current;
        _ = stop?.TryBegin();
        return stop is not null;
    }

    /// <summary>Listens to the signals that would end a process and are to do nothing to this one.</summary>
    /// <param name="told">Gets the name of one that came.</param>
    internal static IEnumerable<PosixSignalRegistration> IgnoreOthers(Action<string> told) =>
        Ignorable.Select(signal =>
            PosixSignalRegistration.Create(signal.Number, context => Ignore(context, signal.Name, told)));

    internal void OnSignal(PosixSignalContext context)
    {
        // What is cancelled does not end the process at once.
        context.Cancel = TryBegin() || _clock.GetElapsedTime(Volatile.Read(ref _first)) < Repeat;
    }

    public override void Dispose()
    {
        s_current = null;
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _ended.Set();
        _begun.Set();
        base.Dispose();
    }

    private static void Ignore(PosixSignalContext context, string name, Action<string> ignored)
    {
        context.Cancel = true;
        ignored(name);
    }

    private static void GiveUp(string text)
    {
        LastCatch.Tell(text);
        ProcessEnd.Now(CommandLine.ExitCode.Failure);
    }

    // False when it was asked for before.
    private bool TryBegin()
    {
        if (Interlocked.CompareExchange(ref _first, Math.Max(1, _clock.GetTimestamp()), 0) != 0)
        {
            return false;
        }

        _begun.Set();
        Request();
        return true;
    }

    private void WaitForEnd()
    {
        _begun.Wait();
        if (!_ended.Wait(_lastResort))
        {
            _giveUp("the end has taken " +
                $"{_lastResort.TotalSeconds:0} s and is given up: what is left is undone by the next start");
        }
    }
}
