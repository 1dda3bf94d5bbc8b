using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A ring that a worker looks after: a guest's, or one that the daemon itself moves packets over.</summary>
public abstract class ServedRing : RingClient
{
    private Exception? _failure;

    /// <summary>Names the ring and what brings the worker to it.</summary>
    protected ServedRing(Port port, Kring ring, EventFd kick)
    {
        Port = port;
        Ring = ring;
        Kick = kick;
        Mark = new PassMark(ring.Name);
    }

    /// <summary>The port.</summary>
    public Port Port { get; }

    /// <summary>The ring.</summary>
    public Kring Ring { get; }

    /// <summary>Brings the worker.</summary>
    public EventFd Kick { get; }

    /// <summary>Marks the ring's passes, for whoever wants to wait until none is under way.</summary>
    public PassMark Mark { get; }

    /// <summary>What ended the ring's passes for good; null while they go on. It is nobody else's matter: other rings, and the
    /// threads that ran into it, go on.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>The worker that serves the ring's kick; set by <see cref="Worker.Add"/>.</summary>
    internal Worker? Worker { get; set; }

    /// <summary>Serves the ring's kick, on its worker's thread.</summary>
    /// <returns>True when there is more to do than one turn's budget.</returns>
    internal abstract bool OnKick(bool maySpin);

    /// <summary>The user is about to sleep: does what it would be woken for, on the caller's thread.</summary>
    internal abstract void PullBeforeSleep();

    /// <summary>Begins to serve the ring: from now on ports find its user.</summary>
    internal abstract void Start();

    /// <summary>From now on ports do not find the ring's user any more, if they did.</summary>
    internal virtual void Disappear() => Leave(Ring);

    /// <summary>Takes over what the user published last, when no pass uses the ring any more.</summary>
    internal virtual void FetchLast() => Fetch(Ring);

    /// <summary>The ring's user is gone, if it was this one.</summary>
    private protected void Leave(Kring ring)
    {
        if (ring.Client == this)
        {
            ring.SetClient(null);
        }
    }

    /// <summary>An exception came out of a pass, which is still marked: the ring stands still from now on, and gives up what it
    /// holds of others' rings.</summary>
    private protected void Fail(Exception failure)
    {
        Volatile.Write(ref _failure, failure);
        try
        {
            Port.GiveUpPass(Ring);
        }
#pragma warning disable CA1031 // The first failure is the one that is told.
        catch (Exception)
#pragma warning restore CA1031
        {
            // What is left is the receivers' loss: slots that stay claimed.
        }

        Worker?.Failed(this);
    }
}
