using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>Who is behind a served ring, and where its pointers are: a guest's in a CSB, a splice's in private memory.
/// The members are those of <see cref="RingClient"/>.</summary>
/// <param name="rings">The rings that it uses; ports find it in this order when it comes.</param>
internal abstract class RingUser(params Kring[] rings)
{
    internal Kring[] Rings => rings;

    /// <summary>Sets its pointers, before ports find it.</summary>
    internal abstract void Start();

    internal abstract void Fetch(Kring ring);

    internal abstract void Publish(Kring ring);

    internal abstract void Notify(Kring ring);

    internal virtual uint LookAhead(Kring ring) => ring.Pending;

    internal virtual bool AsksToBeWoken(Kring ring) => false;

    internal abstract bool TryAskForSpace(Kring ring);
}
