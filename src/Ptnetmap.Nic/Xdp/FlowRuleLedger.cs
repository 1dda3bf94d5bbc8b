using System.Globalization;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Xdp;

/// <summary>The rules that a process has set in NICs, written to a file: a NIC keeps them when the process is killed, and
/// the next process that is given the file removes them. One rule a line:
/// <code>
/// INTERFACE NAMESPACE|- LOCATION QUEUE FILTER
/// </code></summary>
/// <param name="path">The file; there is one only while there are rules.</param>
public sealed class FlowRuleLedger(string path)
{
    private const string OwnNamespace = "-";
    private const string New = ".new";

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    /// <summary>Removes what a process that was killed has left: the rules that stand where it put them, unchanged. To be
    /// called before any rule is set.</summary>
    /// <returns>How many there were.</returns>
    public int Recover()
    {
        File.Delete(path + New);
        if (!File.Exists(path))
        {
            return 0;
        }

        int removed = File.ReadAllLines(path).Count(RemoveRule);
        File.Delete(path);
        return removed;
    }

    /// <summary>Notes rules that have been set.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="space">The namespace that it is in; null: the process's own.</param>
    /// <param name="steering">The rules.</param>
    internal void Add(string name, string? space, FlowSteering steering) => Change(name, space, steering, _lines.Add);

    /// <summary>Forgets rules that have been removed.</summary>
    internal void Remove(string name, string? space, FlowSteering steering) =>
        Change(name, space, steering, line => _lines.Remove(line));

    private void Change(string name, string? space, FlowSteering steering, Action<string> change)
    {
        lock (_lock)
        {
            foreach (uint location in steering.Locations)
            {
                change(string.Create(
                    CultureInfo.InvariantCulture, $"{name} {space ?? OwnNamespace} {location} {steering.Queue} {steering.Filter}"));
            }

            if (_lines.Count == 0)
            {
                File.Delete(path);
                return;
            }

            // Whole or not at all, whenever the process is killed.
            File.WriteAllLines(path + New, _lines);
            File.Move(path + New, path, overwrite: true);
        }
    }

    private static bool RemoveRule(string line)
    {
        string[] parts = line.Split(' ');
        if (parts.Length != 5 || !uint.TryParse(parts[2], CultureInfo.InvariantCulture, out uint location)
            || !int.TryParse(parts[3], CultureInfo.InvariantCulture, out int queue))
        {
            return false;
        }

        try
        {
            NicFilter filter = NicFilter.Parse(parts[4]);
            using NetworkNamespace space = string.Equals(parts[1], OwnNamespace, StringComparison.Ordinal) ? NetworkNamespace.Current() : NetworkNamespace.OpenNamed(parts[1]);
            using EthtoolDevice device = space.Run(() => new EthtoolDevice(parts[0]));
            return FlowSteering.RulesOf(filter, queue).Any(rule => device.HasRule(location, rule)) && device.TryDeleteRule(location);
        }
        catch (Exception gone) when (gone is LinuxException or FormatException)
        {
            // With the interface or its namespace the rule has gone as well.
            return false;
        }
    }
}
