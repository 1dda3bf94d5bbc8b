using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>A guest that is a thread of this process.</summary>
public sealed class ThreadGuest(string name, GuestProgram program, int? cpu, LatencyHistogram? latency = null)
    : IBenchGuest
{
    private readonly GuestThread _thread = new(program, name, cpu);

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public GuestCounters Counters => program.Counters;

    /// <inheritdoc/>
    public bool IsFinished => program.IsFinished || _thread.Failure is not null;

    /// <inheritdoc/>
    public LatencyHistogram? Latency { get; } = latency;

    /// <inheritdoc/>
    public void Start() => _thread.Start();

    /// <inheritdoc/>
    public void Stop()
    {
        try
        {
            _thread.Stop();
        }
        catch (InvalidOperationException failure)
        {
            throw new GuestFailedException(failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();
}
