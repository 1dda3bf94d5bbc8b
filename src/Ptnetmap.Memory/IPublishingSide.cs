namespace Ptnetmap.Memory;

/// <summary>What <see cref="NotificationGate.PublishAndCheck"/> does to memory.</summary>
public interface IPublishingSide
{
    /// <summary>Stores the pointer that the sleeper looks at.</summary>
    public void Publish();

    /// <summary>Orders all stores before it before all loads behind it.</summary>
    public void Fence();

    /// <summary>Loads the sleeper's flag.</summary>
    public bool ReadNeedKick();
}
