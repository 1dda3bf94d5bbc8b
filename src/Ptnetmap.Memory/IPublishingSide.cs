namespace Ptnetmap.Memory;

/// <summary>What <see cref="NotificationGate.MustSignal"/> does to memory.</summary>
public interface IPublishingSide
{
    /// <summary>Orders all stores before it before all loads behind it.</summary>
    public void Fence();

    /// <summary>Loads the sleeper's flag.</summary>
    public bool ReadNeedKick();
}
