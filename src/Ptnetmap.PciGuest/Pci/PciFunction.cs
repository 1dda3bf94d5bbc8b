using System.Buffers.Binary;
using System.Globalization;
using Ptnetmap.Linux;

namespace Ptnetmap.PciGuest.Pci;

/// <summary>A PCI device as sysfs shows it.</summary>
/// <param name="folder">Its folder: <c>/sys/bus/pci/devices/0000:00:03.0</c>.</param>
public sealed class PciFunction(string folder)
{
    private const int CommandOffset = 4;
    private const int InterruptPinOffset = 0x3D;
    private const ushort Decode = 0x1 | 0x2;
    private const ushort BusMaster = 0x4;
    private const ushort InterruptDisable = 0x400;
    private const int BridgeClass = 0x06;

    private const string OverrideFile = "driver_override";

    // What the file says when nothing is set; to write a line's end sets that again.
    private const string NoOverride = "(null)";

    private (string? Driver, string Override)? _before;

    /// <summary>Its place on the bus: <c>0000:00:03.0</c>.</summary>
    public string Address { get; } = Path.GetFileName(folder);

    /// <summary>The name of the driver that has it; null when none does.</summary>
    public string? Driver => LinkName("driver");

    /// <summary>Its IOMMU group; null where there is no IOMMU.</summary>
    public int? IommuGroup =>
        int.TryParse(LinkName("iommu_group"), CultureInfo.InvariantCulture, out int group) ? group : null;

    /// <summary>The device has an interrupt pin (INTx).</summary>
    public bool HasInterruptPin
    {
        get
        {
            byte[] config = File.ReadAllBytes(PathOf("config"));
            return config.Length > InterruptPinOffset && config[InterruptPinOffset] != 0;
        }
    }

    /// <summary>The node of its UIO driver (<c>/dev/uio0</c>); null when it is not bound to one.</summary>
    public string? UioPath
    {
        get
        {
            string uio = PathOf("uio");
            string? first = Directory.Exists(uio) ? Directory.EnumerateDirectories(uio).FirstOrDefault() : null;
            return first is null ? null : $"/dev/{Path.GetFileName(first)}";
        }
    }

    /// <summary>All devices of a kind, in the order of their addresses. Bridges are none: QEMU's PCI Express root port
    /// has the ids of ptnetmap-memdev.</summary>
    /// <param name="bus">The folder of the bus's devices.</param>
    /// <param name="vendor">Vendor id.</param>
    /// <param name="device">Device id.</param>
    public static IReadOnlyList<PciFunction> Find(string bus, ushort vendor, ushort device) => !Directory.Exists(bus)
        ? []
        : [.. Directory.EnumerateFileSystemEntries(bus)
            .Where(folder =>
                Number(folder, "vendor") == vendor && Number(folder, "device") == device && !IsBridge(folder))
            .Order(StringComparer.Ordinal).Select(folder => new PciFunction(folder))];

    /// <summary>BAR <paramref name="index"/>; one that does not exist when there is none.</summary>
    public PciBar Bar(int index)
    {
        string[] lines = File.ReadAllLines(PathOf("resource"));
        string[] fields = index < lines.Length ? lines[index].Split(' ') : [];
        return fields.Length == 3 ? new PciBar(Hex(fields[0]), Hex(fields[1]), Hex(fields[2])) : default;
    }

    /// <summary>Opens the file through which BAR <paramref name="index"/> is mapped, or read and written (I/O
    /// ports).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public FileDescriptor OpenBar(int index) =>
        FileDescriptor.Open(PathOf($"resource{index}"), remedy: "be root; with kernel lockdown BARs cannot be opened");

    /// <summary>Switches the device on: it answers at its BARs and may reach memory. By its command register, not by
    /// sysfs's "enable": that one is a count, which nobody takes back from a program that was killed. A driver that the
    /// device is given to later then takes its power state for unknown, and gets no MSI-X (Linux,
    /// pci_enable_device_flags).</summary>
    public void Enable()
    {
        using FileDescriptor config = OpenConfig();
        ushort command = ReadCommand(config);
        WriteCommand(config, (ushort)(command | Decode | BusMaster));
    }

    /// <summary>The file of its config space, for <see cref="UnmaskInterruptPin"/>.</summary>
    public FileDescriptor OpenConfig() => FileDescriptor.Open(PathOf("config"), remedy: "be root");

    /// <summary>Lets the device raise INTx again; the UIO driver masked it when the last one came.</summary>
    public static void UnmaskInterruptPin(FileDescriptor config) =>
        WriteCommand(config, (ushort)(ReadCommand(config) & ~InterruptDisable));

    /// <summary>Gives the device to a driver, whatever had it before.</summary>
    /// <returns>Null when that driver has it now; else what was in the way.</returns>
    public string? Bind(string driver)
    {
        if (string.Equals(Driver, driver, StringComparison.Ordinal))
        {
            return null;
        }

        if (!Directory.Exists(Path.Combine(Bus, "drivers", driver)))
        {
            return $"driver {driver} is not loaded (modprobe {driver.Replace('_', '-')})";
        }

        try
        {
            _before ??= (Driver, ReadOverride());
            Unbind();
            File.WriteAllText(PathOf(OverrideFile), driver);
            Probe();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return $"binding {Address} to {driver}: {refusal.Message}";
        }

        return string.Equals(Driver, driver, StringComparison.Ordinal)
            ? null
            : $"driver {driver} does not take {Address}";
    }

    /// <summary>Gives the device back to what had it before <see cref="Bind"/>: a driver of the kernel's, or none,
    /// which may then take it. Does nothing when it was not bound.</summary>
    /// <returns>Null when it is as it was; else what was in the way.</returns>
    public string? GiveBack()
    {
        if (_before is not { } before)
        {
            return null;
        }

        _before = null;
        try
        {
            if (!string.Equals(Driver, before.Driver, StringComparison.Ordinal))
            {
                Unbind();
            }

            File.WriteAllText(PathOf(OverrideFile), $"{before.Override}\n");
            if (before.Driver is not null)
            {
                Probe();
            }

            return null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return $"giving {Address} back to {before.Driver ?? "the kernel"}: {refusal.Message}";
        }
    }

    private string Bus => Path.GetDirectoryName(Path.GetDirectoryName(folder)!)!;

    private string ReadOverride()
    {
        string path = PathOf(OverrideFile);
        string text = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        return string.Equals(text, NoOverride, StringComparison.Ordinal) ? "" : text;
    }

    private void Unbind()
    {
        if (Driver is { } driver)
        {
            File.WriteAllText(Path.Combine(Bus, "drivers", driver, "unbind"), Address);
        }
    }

    private void Probe() => File.WriteAllText(Path.Combine(Bus, "drivers_probe"), Address);

    private static ushort ReadCommand(FileDescriptor config)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        config.ReadAt(bytes, CommandOffset);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    private static void WriteCommand(FileDescriptor config, ushort command)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, command);
        config.WriteAt(bytes, CommandOffset);
    }

    private static bool IsBridge(string folder) => Number(folder, "class") >> 16 == BridgeClass;

    private static int Number(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? (int)Hex(File.ReadAllText(path).Trim()) : -1;
    }

    private static ulong Hex(string text) =>
        ulong.TryParse(text.AsSpan(text.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out ulong value) ? value : 0;

    private string PathOf(string file) => Path.Combine(folder, file);

    private string? LinkName(string link)
    {
        string? target = new FileInfo(PathOf(link)).LinkTarget;
        return target is null ? null : Path.GetFileName(target);
    }
}
