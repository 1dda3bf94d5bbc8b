using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.Tests.PciGuest;

/// <summary>The driver of a device is borrowed, and given back at the end.</summary>
public sealed class DriverLoanTests : IDisposable
{
    private const string Kernels = "ptnet-module";
    private const string Ours = "vfio-pci";

    private readonly FakeBus _fake = new();
    private readonly PciFunction _function;
    private readonly string _kernels;
    private readonly string _ours;

    public DriverLoanTests()
    {
        _function = _fake.Function("0000:00:03.0");
        _kernels = _fake.AddDriver(Kernels);
        _ours = _fake.AddDriver(Ours);
        Override = "(null)\n";
    }

    private string Override
    {
        get => File.ReadAllText(_fake.PathOf(_function.Address, "driver_override"));
        set => File.WriteAllText(_fake.PathOf(_function.Address, "driver_override"), value);
    }

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void The_kernels_driver_has_the_device_back()
    {
        HaveDriver(_kernels);
        _ = _function.Bind(Ours);
        Assert.Equal(Ours, Override);
        HaveDriver(_ours);

        Assert.Null(_function.GiveBack());

        Assert.Equal(_function.Address, File.ReadAllText(Path.Combine(_ours, "unbind")));
        Assert.Equal("\n", Override);
        Assert.Equal(_function.Address, _fake.Probed);
    }

    [Fact]
    public void A_device_that_nobody_had_is_left_to_whoever_comes()
    {
        _ = _function.Bind(Ours);
        HaveDriver(_ours);
        File.WriteAllText(Path.Combine(_fake.Folder, "../drivers_probe"), "");

        Assert.Null(_function.GiveBack());

        Assert.Equal((_function.Address, "\n", ""),
            (File.ReadAllText(Path.Combine(_ours, "unbind")), Override, _fake.Probed));
    }

    [Fact]
    public void What_an_administrator_had_set_is_set_again_also_after_a_second_driver()
    {
        Override = "pci-stub\n";
        _ = _function.Bind(Ours);
        _ = _function.Bind(Kernels);

        Assert.Null(_function.GiveBack());

        Assert.Equal("pci-stub\n", Override);
    }

    [Fact]
    public void A_driver_that_was_there_before_stays()
    {
        HaveDriver(_ours);
        Override = $"{Ours}\n";
        Assert.Null(_function.Bind(Ours));

        Assert.Null(_function.GiveBack());

        Assert.Equal(("", $"{Ours}\n"), (File.ReadAllText(Path.Combine(_ours, "unbind")), Override));
    }

    [Fact]
    public void A_device_that_is_gone_is_said_and_ends_nothing()
    {
        _ = _function.Bind(Ours);
        Directory.Delete(Path.Combine(_fake.Folder, _function.Address), recursive: true);

        Assert.Contains(_function.Address, _function.GiveBack(), StringComparison.Ordinal);
        Assert.Null(_function.GiveBack());
    }

    // What the kernel does when it is asked to.
    private void HaveDriver(string folder)
    {
        string link = _fake.PathOf(_function.Address, "driver");
        File.Delete(link);
        File.CreateSymbolicLink(link, folder);
    }
}
