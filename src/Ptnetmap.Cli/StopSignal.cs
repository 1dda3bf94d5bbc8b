using System.Runtime.InteropServices;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli;

/// <summary>Ctrl-C, SIGTERM, and SIGHUP where a terminal that goes is to end the run: the first one ends it in good order. A
/// second one ends the process at once, but only after <see cref="Repeat"/>: <c>timeout</c> and shells send a signal to the process and to its
/// group, twice within milliseconds. Whatever the end waits for, after <see cref="LastResort"/> the process is
/// gone.</summary>
internal sealed class StopSignal : StopRequest
{
    /// <summary>A second signal within this time is the first one's echo.</summary>
    internal static readonly TimeSpan Repeat = TimeSpan.FromSeconds(2);

    /// <summary>The longest that the end may take.</summary>
    internal static readonly TimeSpan LastResort = TimeSpan.FromSeconds(60);

    // Signals that end a process when nobody listens, by their numbers where .NET has no names for them.
    private static readonly (PosixSignal Number, string Name)[] Ignorable =
        [(PosixSignal.SIGHUP, "SIGHUP"), ((PosixSignal)10, "SIGUSR1"), ((PosixSignal)12, "SIGUSR2"), ((PosixSignal)14, "SIGALRM")];

    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _first;

    /// <summary>Starts to listen.</summary>
    /// <param name="ignored">What to do, instead of stopping, on signals that a daemon is sent by mistake: SIGHUP, SIGUSR1,
    /// SIGUSR2, SIGALRM; it gets the name. SIGQUIT then ends the run as SIGTERM does, with nothing left behind.</param>
    internal StopSignal(Action<string>? ignored = null)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            .. ignored is null
                ? [PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal)]
                : Ignorable.Select(signal => PosixSignalRegistration.Create(signal.Number, context => Ignore(context, signal.Name, ignored))),
            .. ignored is null
                ? Array.Empty<PosixSignalRegistration>()
                : [PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal)],
        ];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _ended.Set();
        base.Dispose(disposing);
    }

    private static void Ignore(PosixSignalContext context, string name, Action<string> ignored)
    {
        context.Cancel = true;
        ignored(name);
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (IsRequested)
        {
            context.Cancel = Environment.TickCount64 - Volatile.Read(ref _first) < Repeat.TotalMilliseconds;
            return;
        }

        context.Cancel = true;
        Volatile.Write(ref _first, Environment.TickCount64);
        new Thread(WaitForEnd) { Name = "ptnet-last-resort", IsBackground = true }.Start();
        Request();
    }

    // A thread of its own: those of the pool may be what does not end.
    private void WaitForEnd()
    {
        if (!_ended.Wait(LastResort))
        {
            LastCatch.Tell($"the end has taken {LastResort.TotalSeconds:0} s and is given up: what is left is undone by the next start");
            ProcessEnd.Now(CommandLine.ExitCode.Failure);
        }
    }
}
