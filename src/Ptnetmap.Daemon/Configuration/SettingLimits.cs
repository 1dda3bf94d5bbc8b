using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Traffic;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>The limits of each setting that is a number: the same in the configuration file, the API and the command line, and named in
/// what each of them says of a wrong one.</summary>
public static class SettingLimits
{
    /// <summary>More of anything than will be.</summary>
    private const long Many = 1_000_000_000_000;

    private static readonly Dictionary<string, NumberLimits> All = new(StringComparer.Ordinal)
    {
        ["workers"] = new(0, WorkerPool.MaxWorkers),
        ["cpus"] = new(0, 1023),
        ["ports"] = new(1, RegionLayout.MaxPorts),
        ["rings"] = new(1, NetmapAbi.MaxRingPairs),
        ["slots"] = new(NetmapAbi.MinSlots, NetmapAbi.MaxSlots),
        ["extra_buffers"] = new(0, int.MaxValue),
        ["buffer_size"] = new(RegionLayout.MinBufferSize, RegionLayout.MaxBufferSize),
        ["region_id"] = new(1, ushort.MaxValue),
        ["ageing_seconds"] = new(1, 1_000_000),
        ["flood_limit"] = new(0, int.MaxValue),
        ["uplink_flood_limit"] = new(0, int.MaxValue),
        ["addresses_per_port"] = new(1, ForwardingTable.Capacity),
        ["mtu"] = new(68, 65_521),
        ["busy_poll"] = new(0, 1_000_000),
        ["loops"] = new(0, Many),
        ["packets"] = new(0, Many),
        ["rate"] = new(0, Many),
        ["frame"] = new(TestFrame.MinLength, 9018),
        ["memory_mib"] = new(VmSettings.LeastMemory, VmSettings.MostMemory),
        ["patience"] = new(VmSettings.LeastPatience, VmSettings.MostPatience),
    };

    /// <summary>The limits of a setting.</summary>
    /// <param name="key">Its name, with those of the tables that it is in: <c>host.mtu</c>.</param>
    public static NumberLimits Of(string key) => All[key[(key.LastIndexOf('.') + 1)..]];

    /// <summary>What is wrong with a setting's number; null when it is between its limits, or not given.</summary>
    internal static Fault? Check(string key, long? value) =>
        value is { } number && !Of(key).Holds(number) ? new Fault(key, Of(key).Refuse(number)) : null;
}
