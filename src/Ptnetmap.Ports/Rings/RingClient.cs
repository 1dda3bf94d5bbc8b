namespace Ptnetmap.Ports.Rings;

/// <summary>Who uses a ring from the other side, as the port sees it: somebody who hands slots over, is shown how far
/// the port got, and may be asleep. Passthrough implements it with a CSB and eventfds.</summary>
public abstract class RingClient
{
    /// <summary>Looks how far the user got, checks it, and takes it over into <paramref name="ring"/>'s head and cur.
    /// The caller holds the ring.</summary>
    public abstract void Fetch(Kring ring);

    /// <summary>Shows the user <c>hwcur</c> and <c>hwtail</c>. The caller holds the ring.</summary>
    public abstract void Publish(Kring ring);

    /// <summary>Wakes the user if it sleeps. To be called once after the last publication of a pass.</summary>
    public abstract void Notify(Kring ring);

    /// <summary>True while the user wants to be woken: of a ring with news, it has not looked since it said so, and may
    /// have been woken when it could not hear.</summary>
    public virtual bool AsksToBeWoken(Kring ring) => false;

    /// <summary>Asks to be told when the user gives slots of a receive ring back. False when there is space already:
    /// nobody will call then.</summary>
    public abstract bool TryAskForSpace(Kring ring);

    /// <summary>About how many slots of a transmit ring the user has handed over that the port has not dealt with. The
    /// caller holds the ring's lock, or is within a pass: the user does not go meanwhile.</summary>
    public virtual uint LookAhead(Kring ring) => ring.Pending;

    /// <summary>Performs a pass of this transmit ring on the caller's thread, unless somebody is at it (who then
    /// goes round once more).</summary>
    public abstract void RunPass();

    /// <summary>Performs a pass of this transmit ring on the thread of a receiver that has nothing else to
    /// do.</summary>
    /// <param name="most">Slots that the receiver has space for.</param>
    /// <param name="insists">The ring waits for that: somebody who is at it goes round once more. Else the receiver
    /// leaves it to who is at it, and tells nobody when there is more: it comes back when it has read these.</param>
    public virtual void Pull(uint most, bool insists)
    {
    }
}
