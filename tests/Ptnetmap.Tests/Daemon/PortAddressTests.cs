using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Tests.Daemon;

public class PortAddressTests
{
    [Fact]
    public void A_ports_address_is_its_own_local_and_the_same_every_time()
    {
        MacAddress mac = PortAddress.For("vale0:a");

        Assert.Equal(mac, PortAddress.For("vale0:a"));
        Assert.NotEqual(mac, PortAddress.For("vale0:b"));
        Assert.Equal(2UL, mac.Value & 0xFF);
    }
}
