using Ptnetmap.Linux;

namespace Ptnetmap.Traffic.Programs;

/// <summary>A thread that runs a guest program until it is finished or stopped. It sleeps in the program's wait,
/// without a time limit: an idle guest is idle.</summary>
public sealed class GuestThread : IDisposable
{
    private readonly GuestProgram _program;
    private readonly Thread _thread;
    private readonly int? _cpu;
    private volatile bool _isStarted;
    private volatile bool _stop;
    private volatile Exception? _failure;

    /// <summary>Prepares a thread; <see cref="Start"/> starts it.</summary>
    /// <param name="program">What it runs.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="cpu">The CPU that it is bound to; null leaves that to the scheduler.</param>
    public GuestThread(GuestProgram program, string name, int? cpu = null)
    {
        _program = program;
        _cpu = cpu;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>The program.</summary>
    public GuestProgram Program => _program;

    /// <summary>What ended the program before its time; null when nothing did.</summary>
    public Exception? Failure => _failure;

    /// <summary>Called with what ended the program before its time, on its thread, as the last that it does.</summary>
    public Action<Exception> Failed { get; set; } = _ => { };

    /// <summary>Starts the program.</summary>
    /// <exception cref="LinuxException">There is no room for another thread.</exception>
    public void Start()
    {
        _ = LinuxThread.Start(_thread);
        _isStarted = true;
    }

    /// <summary>Waits until the program is finished.</summary>
    /// <returns>False when the time ran out.</returns>
    /// <exception cref="InvalidOperationException">The program failed; the cause is inside.</exception>
    public bool Join(TimeSpan timeout)
    {
        bool ended = _thread.Join(timeout);
        ThrowFailure();
        return ended;
    }

    /// <summary>Ends the program after its current step and waits for the thread.</summary>
    /// <exception cref="InvalidOperationException">The program failed; the cause is inside.</exception>
    public void Stop()
    {
        End();
        ThrowFailure();
    }

    /// <summary>Ends the program; keeps its failure to itself.</summary>
    public void Dispose() => End();

    /// <summary>Ends the program after its current step, as <see cref="Dispose"/>, but does not wait for
    /// ever.</summary>
    /// <returns>False when the thread has not ended within <paramref name="patience"/>: what it uses has to
    /// stay.</returns>
    public bool TryEnd(TimeSpan patience)
    {
        _stop = true;
        if (!_isStarted)
        {
            return true;
        }

        _program.Wake();
        return _thread.Join(patience);
    }

    private void End() => _ = TryEnd(Timeout.InfiniteTimeSpan);

    private void ThrowFailure()
    {
        if (_failure is { } failure)
        {
            throw new InvalidOperationException($"guest program {_thread.Name}: {failure.Message}", failure);
        }
    }

    private void Run()
    {
        try
        {
            if (_cpu is { } cpu)
            {
                LinuxThread.Pin(cpu);
            }

            while (!_stop && !_program.IsFinished)
            {
                if (!_program.Step())
                {
                    _program.Wait(Timeout.InfiniteTimeSpan);
                }
            }
        }
#pragma warning disable CA1031 // Whatever ended the program is kept for whoever joins the thread.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _failure = failure;
            Failed(failure);
        }
    }
}
