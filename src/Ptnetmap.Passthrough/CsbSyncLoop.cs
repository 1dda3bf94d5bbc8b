using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A sync loop whose user is a guest, with its pointers in a CSB.</summary>
public abstract class CsbSyncLoop : SyncLoop
{
    private protected CsbSyncLoop(
        Port port, Kring ring, CsbHostView csb, EventFd kick, EventFd interrupt, NotificationPolicy policy, bool resumes)
        : base(port, ring, kick, policy) => Door = new CsbDoor(ring, csb, interrupt, resumes);

    private protected CsbDoor Door { get; }

    /// <inheritdoc/>
    public sealed override void Fetch(Kring ring) => Door.Fetch();

    /// <inheritdoc/>
    public sealed override void Publish(Kring ring) => Door.Publish();

    /// <inheritdoc/>
    public sealed override void Notify(Kring ring) => Door.Notify();

    /// <inheritdoc/>
    public sealed override bool AsksToBeWoken(Kring ring) => Door.AsksToBeWoken();

    /// <inheritdoc/>
    public sealed override bool TryAskForSpace(Kring ring) => false;

    internal sealed override void PullBeforeSleep() => RunPass();

    private protected override void Appear()
    {
        Door.Start();
        Ring.SetClient(this);
    }
}
