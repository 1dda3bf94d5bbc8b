using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Running;

/// <summary>The CPUs that workers are bound to have to be there.</summary>
internal static class CpuRules
{
    /// <summary>Refuses CPUs that this process may not run on.</summary>
    /// <exception cref="RefusalException">It may not run on one.</exception>
    internal static void Require(DaemonSettings settings)
    {
        IReadOnlyList<int> allowed = CpuSet.Allowed;
        int[] outside = allowed.Count == 0 ? [] : [.. settings.Cpus.Except(allowed)];
        if (outside.Length > 0)
        {
            string place = settings.Places.Of(settings.Cpus) is { } line ? $"{line}: " : "";

            // It is the machine that does not have them.
            throw new RefusalException(
                RefusalKind.Conflict,
                $"{place}cpus: {CpuSet.Describe([.. outside.Order()])}: this process may run on " +
                $"{CpuSet.Describe(allowed)} (nproc, cpuset)");
        }
    }
}
