using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.Linux.Net;

/// <summary>What an interface can be called, by the kernel and by us.</summary>
public sealed class InterfaceNameTests
{
    public static TheoryData<string> Bad => ["", ".", "..", "a/b", "a:b", "a b", "a\tb", "a\n", "sixteen-letters-",
        "\u00e9t\u00e9", "ha%d", "100%", "%s", "a%"];

    public static TheoryData<string> Good => ["e", "e-1", "br_0", "fifteen-letters", "x.y@z", "e~#!", "...", "-"];

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_none_is_told(string name)
    {
        Assert.Contains("no interface's name", InterfaceName.FaultOf(name), StringComparison.Ordinal);
        _ = Assert.Throws<LinuxException>(() => new EthtoolDevice(name).Dispose());
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void What_the_kernel_takes_is_one(string name) => OwnNetwork.Run(() =>
    {
        Assert.Null(InterfaceName.FaultOf(name));
        using TapDevice tap = TapDevice.Create(name);
        Assert.Equal(name, tap.Name);
        Assert.Equal(name, tap.TryReadName());
    });

    [Theory]
    [InlineData("tap:ha%d")]
    [InlineData("tap:100%")]
    public void A_TAP_port_is_not_named_so_that_the_kernel_chooses(string name) =>
        Assert.False(PortName.TryParse(name, out _));
}
