namespace Ptnetmap.Memory;

/// <summary>What <see cref="NotificationGate.TryArm"/> does to memory.</summary>
public interface ISleepingSide
{
    /// <summary>Stores the flag that asks for a signal.</summary>
    public void WriteNeedKick(bool needed);

    /// <summary>Orders all stores before it before all loads behind it.</summary>
    public void Fence();

    /// <summary>Loads the publisher's pointer: has it moved since the sleeper's last look?</summary>
    public bool HasNews();
}
