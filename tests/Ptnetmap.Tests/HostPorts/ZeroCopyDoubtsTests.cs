using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Linux.Pci;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Which memory a device can be given without a copy.</summary>
public sealed class ZeroCopyDoubtsTests : IDisposable
{
    private readonly DirectoryInfo _devices = Directory.CreateTempSubdirectory("ptnet-devices-");

    public void Dispose() => _devices.Delete(recursive: true);

    [Theory]
    [InlineData(false, false, true, null)]
    [InlineData(true, true, false, null)]
    [InlineData(true, false, false, "neighbours in the machine's memory")]
    [InlineData(true, false, true, "neighbours in the machine's memory")]
    [InlineData(true, true, true, "behind an IOMMU")]
    public void Buffers_that_cross_pages_want_pages_that_are_neighbours_for_the_device(
        bool crosses, bool contiguous, bool translated, string? reason)
    {
        string? obstacle = ZeroCopyDoubts.ObstacleOf("eth0", crosses, contiguous, () => translated);
        if (reason is null)
        {
            Assert.Null(obstacle);
        }
        else
        {
            Assert.Contains(reason, obstacle, StringComparison.Ordinal);
            Assert.Contains("--buffer-size 4096", obstacle, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("DMA", true)]
    [InlineData("DMA-FQ", true)]
    [InlineData("identity", false)]
    [InlineData(null, false)]
    public void An_IOMMU_that_passes_addresses_through_translates_nothing(string? type, bool expected)
    {
        const string address = "0000:01:00.0";
        if (type is not null)
        {
            DirectoryInfo group = _devices.CreateSubdirectory(Path.Combine(address, "iommu_group"));
            File.WriteAllText(Path.Combine(group.FullName, "type"), type + "\n");
        }

        Assert.Equal(expected, DmaTranslation.Applies(address, _devices.FullName));
        Assert.False(DmaTranslation.Applies("", _devices.FullName));
    }
}
