using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Bpf;

/// <summary>An array that a BPF program and this process share, with 32-bit keys from 0 on.</summary>
public sealed class BpfMap : IDisposable
{
    private const string PossibleCpus = "/sys/devices/system/cpu/possible";

    private BpfMap(FileDescriptor file, BpfMapKind kind, uint valueSize, uint entries)
    {
        Descriptor = file;
        Kind = kind;
        ValueSize = valueSize;
        Entries = entries;
    }

    /// <summary>The map, as instructions name it.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>What it holds.</summary>
    public BpfMapKind Kind { get; }

    /// <summary>Bytes of a value (of one CPU).</summary>
    public uint ValueSize { get; }

    /// <summary>Number of values.</summary>
    public uint Entries { get; }

    /// <summary>Makes a map.</summary>
    /// <param name="name">Shown by <c>bpftool map</c>; cut at 15 characters.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="valueSize">Bytes of a value: 4 for sockets, a multiple of 8 otherwise.</param>
    /// <param name="entries">Number of values.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static BpfMap Create(string name, BpfMapKind kind, uint valueSize, uint entries)
    {
        var attribute = new BpfNative.MapCreate
        {
            Kind = (uint)kind,
            KeySize = sizeof(uint),
            ValueSize = valueSize,
            Entries = entries,
            Name = BpfNative.Name(name),
        };
        int number = BpfNative.Call(BpfNative.MapCreateCommand, ref attribute);
        return number >= 0
            ? new BpfMap(new FileDescriptor(number), kind, valueSize, entries)
            : throw LinuxException.Last($"bpf(BPF_MAP_CREATE, {name})", "be root (CAP_BPF and CAP_NET_ADMIN)");
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="LinuxException">There is no such key.</exception>
    public unsafe void Update(uint key, ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, (int)StoredSize);
        fixed (byte* start = value)
        {
            if (Element(BpfNative.MapUpdateCommand, &key, start) != 0)
            {
                throw LinuxException.Last($"bpf(BPF_MAP_UPDATE_ELEM, key {key} of {Entries})");
            }
        }
    }

    /// <summary>Puts what a descriptor stands for into a map of sockets or programs.</summary>
    /// <exception cref="LinuxException">There is no such key, or the descriptor is no bound AF_XDP socket, or no
    /// program of the kind that the map's others are.</exception>
    public unsafe void SetDescriptor(uint key, FileDescriptor descriptor)
    {
        int number = descriptor.Number;
        Update(key, new ReadOnlySpan<byte>(&number, sizeof(int)));
        GC.KeepAlive(descriptor);
    }

    /// <summary>Takes a socket out again. Values of arrays cannot be taken out.</summary>
    /// <returns>False when there was none.</returns>
    public unsafe bool TryDelete(uint key) => Element(BpfNative.MapDeleteCommand, &key, null) == 0;

    /// <summary>Reads a value; of a map with a value for each CPU, all of them.</summary>
    /// <param name="key">Which.</param>
    /// <param name="value">As long as the value, times the number of possible CPUs where each has its own.</param>
    /// <returns>False when there is no such key.</returns>
    public unsafe bool TryLookup(uint key, Span<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, (int)StoredSize);
        fixed (byte* start = value)
        {
            return Element(BpfNative.MapLookupCommand, &key, start) == 0;
        }
    }

    /// <summary>The sum of all CPUs' values, of a map of 64-bit counters.</summary>
    public ulong Sum(uint key)
    {
        Span<byte> value = new byte[StoredSize];
        ulong sum = 0;
        if (TryLookup(key, value))
        {
            foreach (ulong part in MemoryMarshal.Cast<byte, ulong>(value))
            {
                sum += part;
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static uint CpuCount { get; } = ParseLastCpu(File.ReadAllText(PossibleCpus)) + 1;

    private uint StoredSize => Kind == BpfMapKind.PerCpuArray ? ValueSize * CpuCount : ValueSize;

    // "0-3", "0" or "0,2-3".
    private static uint ParseLastCpu(string ranges) => uint.Parse(ranges.TrimEnd().Split('-', ',')[^1]);

    private unsafe int Element(int command, uint* key, void* value)
    {
        var attribute = new BpfNative.MapElement { Map = (uint)Descriptor.Number, Key = key, Value = value };
        int status = BpfNative.Call(command, ref attribute);
        GC.KeepAlive(this);
        return status;
    }
}
