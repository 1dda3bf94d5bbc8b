using Ptnetmap.Linux;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A ring that a worker looks after: a guest's, or one that the daemon itself moves packets over.</summary>
public abstract class ServedRing : RingClient
{
    private readonly RingUser _user;
    private Exception? _failure;
    private Worker? _worker;

    /// <summary>Names the ring, who is behind it, and what brings the worker to it.</summary>
    private protected ServedRing(Port port, Kring ring, RingUser user, EventFd kick)
    {
        _user = user;
        Port = port;
        Ring = ring;
        Kick = kick;
        Mark = new PassMark(ring.Name);
    }

    /// <summary>The port.</summary>
    public Port Port { get; }

    /// <summary>The ring.</summary>
    public Kring Ring { get; }

    /// <summary>What ended the ring's passes for good; null while they go on. It is nobody else's matter: other rings,
    /// and the threads that ran into it, go on.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    internal EventFd Kick { get; }

    /// <summary>Marks the ring's passes, for whoever wants to wait until none is under way.</summary>
    internal PassMark Mark { get; }

    /// <summary>What brings the worker besides the kick; null: nothing does.</summary>
    internal virtual WakePlan? When => null;

    /// <summary>The worker that serves the ring; set by <see cref="Worker.Add"/>.</summary>
    internal Worker? Worker
    {
        get => Volatile.Read(ref _worker);
        set => Volatile.Write(ref _worker, value);
    }

    /// <inheritdoc/>
    public sealed override void Fetch(Kring ring) => _user.Fetch(ring);

    /// <inheritdoc/>
    public sealed override void Publish(Kring ring) => _user.Publish(ring);

    /// <inheritdoc/>
    public sealed override void Notify(Kring ring) => _user.Notify(ring);

    /// <inheritdoc/>
    public sealed override uint LookAhead(Kring ring) => _user.LookAhead(ring);

    /// <inheritdoc/>
    public sealed override bool AsksToBeWoken(Kring ring) => _user.AsksToBeWoken(ring);

    /// <inheritdoc/>
    public sealed override bool TryAskForSpace(Kring ring) => _user.TryAskForSpace(ring);

    /// <summary>Does what its worker was woken for, or gave it a turn for.</summary>
    /// <param name="cause">What that is.</param>
    /// <param name="by">The worker, on its own thread. It may be the ring's no more.</param>
    /// <param name="alone">It has nothing else to do.</param>
    /// <returns>True when there is more to do than one turn's budget.</returns>
    internal abstract bool Serve(PassCause cause, Worker by, bool alone);

    /// <summary>Begins to serve the ring: from now on ports find its user.</summary>
    internal virtual void Start()
    {
        _user.Start();
        Array.ForEach(_user.Rings, ring => ring.SetClient(this));
    }

    /// <summary>From now on ports do not find the ring's user any more, if they did.</summary>
    internal void Disappear() =>
        Array.ForEach(Array.FindAll(_user.Rings, ring => ring.Client == this), ring => ring.SetClient(null));

    /// <summary>Takes over what the user published last, when no pass uses the ring any more.</summary>
    internal void FetchLast() => Array.ForEach(_user.Rings, _user.Fetch);

    /// <summary>An exception came out of a pass, which is still marked: the ring stands still from now on, and gives up
    /// what it holds of others' rings.</summary>
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
