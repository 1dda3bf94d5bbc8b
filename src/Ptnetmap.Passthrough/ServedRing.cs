using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A ring that a worker looks after: a guest's, or one that the daemon itself moves packets over.</summary>
public abstract class ServedRing : RingClient
{
    /// <summary>Names the ring and what brings the worker to it.</summary>
    protected ServedRing(Port port, Kring ring, EventFd kick)
    {
        Port = port;
        Ring = ring;
        Kick = kick;
    }

    /// <summary>The port.</summary>
    public Port Port { get; }

    /// <summary>The ring.</summary>
    public Kring Ring { get; }

    /// <summary>Brings the worker.</summary>
    public EventFd Kick { get; }

    /// <summary>The worker that serves the ring's kick; set by <see cref="Worker.Add"/>.</summary>
    internal Worker? Worker { get; set; }

    /// <summary>Serves the ring's kick, on its worker's thread.</summary>
    /// <returns>True when there is more to do than one turn's budget.</returns>
    internal abstract bool OnKick(bool maySpin);

    /// <summary>The user is about to sleep: does what it would be woken for, on the caller's thread.</summary>
    internal abstract void PullBeforeSleep();

    /// <summary>Begins to serve the ring: from now on ports find its user.</summary>
    internal abstract void Start();
}
