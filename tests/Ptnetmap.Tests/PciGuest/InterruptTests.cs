using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Interrupts;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.Tests.PciGuest;

public sealed class InterruptTests
{
    [Fact]
    public void Without_iommu_and_pin_the_port_is_polled_and_that_is_said_with_both_reasons()
    {
        using var fake = new FakeBus();
        var notes = new List<string>();
        using PciChannel channel = fake.Bus.Open("0", new PciChannelOptions { Note = notes.Add });
        Assert.Equal(InterruptKind.Poll, channel.Interrupts);
        string note = Assert.Single(notes);
        Assert.Contains("virtual IOMMU", note, StringComparison.Ordinal);
        Assert.Contains("no interrupt pin", note, StringComparison.Ordinal);
        Assert.Contains("polled", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InterruptKind.Vfio, "virtual IOMMU")]
    [InlineData(InterruptKind.Uio, "no interrupt pin")]
    public void Interrupts_that_were_asked_for_and_cannot_be_had_are_an_error(InterruptKind kind, string reason)
    {
        using var fake = new FakeBus();
        LinuxException refusal = Assert.Throws<LinuxException>(
            () => fake.Bus.Open("0", new PciChannelOptions { Interrupts = kind }));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.False(fake.Ports[0].Started);
    }

    [Fact]
    public void A_wait_that_polls_comes_back_for_news_without_anybody_waking_it()
    {
        using var fake = new FakeBus();
        using PciChannel channel = fake.Bus.Open("0", new PciChannelOptions { Interrupts = InterruptKind.Poll });
        RxRing rx = NetmapPort.Open(channel, IdleStrategy.Sleep).RxRings[0];
        fake.Ports[0].Host.FillTest(1);
        var arrival = new Thread(() => fake.Ports[0].Host.Show());
        arrival.Start();
        bool came;
        do
        {
            came = rx.WaitForPackets(Timeout.InfiniteTimeSpan);
        }
        while (!came);
        arrival.Join();
        Assert.Equal(1u, rx.Available);
    }

    [Fact]
    public void A_wait_that_polls_ends_when_it_is_woken()
    {
        using var fake = new FakeBus();
        using PciChannel channel = fake.Bus.Open("0", new PciChannelOptions { Interrupts = InterruptKind.Poll });
        channel.Wake(1);
        Assert.Equal(1, channel.WaitInterrupt([0, 1], Timeout.InfiniteTimeSpan));
        Assert.Equal(-1, channel.WaitInterrupt([0, 1], TimeSpan.Zero));
    }

    [Fact]
    public void A_driver_that_is_not_loaded_is_named_with_the_remedy()
    {
        using var fake = new FakeBus();
        Assert.Equal(
            "driver uio_pci_generic is not loaded (modprobe uio-pci-generic)",
            fake.Function("0000:00:03.0").Bind("uio_pci_generic"));
    }

    [Fact]
    public void Binding_asks_the_kernel_for_this_device_alone_and_says_when_it_did_not_happen()
    {
        using var fake = new FakeBus();
        _ = fake.AddDriver("vfio-pci");
        PciFunction function = fake.Function("0000:00:03.0");
        Assert.Equal("driver vfio-pci does not take 0000:00:03.0", function.Bind("vfio-pci"));
        Assert.Equal("vfio-pci", File.ReadAllText(fake.PathOf(function.Address, "driver_override")));
        Assert.Equal("0000:00:03.0", fake.Probed);
    }

    [Fact]
    public void Binding_takes_the_device_from_another_driver_and_does_nothing_when_it_is_bound()
    {
        using var fake = new FakeBus();
        PciFunction function = fake.Function("0000:00:03.0");
        string other = fake.AddDriver("ptnet-module");
        File.CreateSymbolicLink(fake.PathOf(function.Address, "driver"), other);
        _ = fake.AddDriver("vfio-pci");
        Assert.Equal("ptnet-module", function.Driver);
        Assert.Null(function.Bind("ptnet-module"));
        Assert.NotNull(function.Bind("vfio-pci"));
        Assert.Equal("0000:00:03.0", File.ReadAllText(Path.Combine(other, "unbind")));
    }

    [Fact]
    public void An_iommu_group_is_read_from_its_link()
    {
        using var fake = new FakeBus();
        PciFunction function = fake.Function("0000:00:03.0");
        Assert.Null(function.IommuGroup);
        File.CreateSymbolicLink(fake.PathOf(function.Address, "iommu_group"), "/sys/kernel/iommu_groups/12");
        Assert.Equal(12, function.IommuGroup);
    }
}
