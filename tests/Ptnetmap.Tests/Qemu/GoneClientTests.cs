using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>Clients that went away, and those that only gave their device up: the second are told from the
/// first.</summary>
public sealed class GoneClientTests : IDisposable
{
    private readonly QemuBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_client_that_died_is_gone_and_one_that_reads_no_more_has_given_up_whatever_was_left_unread(bool died,
        bool unread)
    {
        PciDevice device = _bed.Ptnet;
        using var client = new HandClient(device);
        if (unread)
        {
            client.Stream.Room = 1;
            Assert.Equal(
                SessionState.Output,
                client.Post(client.Message(Command.RegionRead,
                    HandClient.Bytes(new RegionAccess { Region = 0, Offset = 0, Count = 4 }))));
        }

        if (died)
        {
            client.Stream.Dispose();
        }
        else
        {
            client.Stream.IsDeaf = true;
        }

        Assert.Equal(SessionState.Ended, client.Session.Probe());
        Assert.Equal(!died, device.IsGivenUp);
        Assert.False(device.IsConnected);
    }
}
