using Microsoft.Extensions.Logging;
using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Running;

/// <summary>What a daemon that was killed had changed in NICs is undone before anything is opened.</summary>
internal static class NicRecovery
{
    /// <summary>Undoes what is noted in a file, and tells it.</summary>
    /// <param name="file">Where changes are noted.</param>
    /// <param name="log">Where to say what happens.</param>
    /// <returns>Where changes are noted from now on.</returns>
    internal static NicLedger Undo(string file, ILogger log)
    {
        var changes = new NicLedger(file);
        if (changes.Recover() is > 0 and var left)
        {
            InventoryLog.NicChangesUndone(log, Quantity.Of(left, "change"));
        }

        foreach (string refusal in changes.Refusals)
        {
            InventoryLog.NicChangeLeft(log, refusal);
        }

        return changes;
    }
}
