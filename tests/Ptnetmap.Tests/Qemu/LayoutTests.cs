using System.Runtime.InteropServices;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

/// <summary>Where the fields of messages lie, written out again by hand.</summary>
public class LayoutTests
{
    [Fact]
    public void The_header_has_its_fields_where_the_specification_has_them() =>
        Check<MessageHeader>(16, ("Id", 0), ("Command", 2), ("MessageSize", 4), ("Flags", 8), ("Errno", 12));

    [Fact]
    public void So_has_every_payload()
    {
        Check<VersionHead>(4, ("Major", 0), ("Minor", 2));
        Check<DmaMapRequest>(32, ("ArgumentSize", 0), ("Flags", 4), ("Offset", 8), ("Address", 16), ("Length", 24));
        Check<DmaUnmapRequest>(24, ("ArgumentSize", 0), ("Flags", 4), ("Address", 8), ("Length", 16));
        Check<DeviceInfo>(16, ("ArgumentSize", 0), ("Flags", 4), ("Regions", 8), ("Irqs", 12));
        Check<RegionInfo>(
            32, ("ArgumentSize", 0), ("Flags", 4), ("Index", 8), ("CapabilityOffset", 12), ("Length", 16),
            ("Offset", 24));
        Check<SparseMapHead>(16, ("Id", 0), ("Version", 2), ("Next", 4), ("Areas", 8), ("Reserved", 12));
        Check<IrqInfo>(16, ("ArgumentSize", 0), ("Flags", 4), ("Index", 8), ("Count", 12));
        Check<IrqSet>(20, ("ArgumentSize", 0), ("Flags", 4), ("Index", 8), ("Start", 12), ("Count", 16));
        Check<RegionAccess>(16, ("Offset", 0), ("Region", 8), ("Count", 12));
        Check<WriteMultiEntry>(24, ("Access", 0), ("Data", 16));
        Assert.Equal(SparseMapHead.AreaSize, Marshal.SizeOf<MappableArea>());
    }

    private static void Check<T>(int size, params (string Field, int Offset)[] fields)
        where T : struct
    {
        Assert.Equal(size, Marshal.SizeOf<T>());
        Assert.All(fields, field => Assert.Equal(field.Offset, (int)Marshal.OffsetOf<T>(field.Field)));
    }
}
