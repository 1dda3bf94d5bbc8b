using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.Linux.Net;

/// <summary>Every cause for which the kernel gives no queue of an interface, each made to happen.</summary>
public sealed class TapRefusalTests
{
    [Fact]
    public void Interfaces_that_are_no_TAPs_are_told_as_what_they_are() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("link", "add", "veth0", "type", "veth", "peer", "name", "veth1");
        OwnNetwork.Ip("tuntap", "add", "dev", "tun0", "mode", "tun");
        AssertRefused("lo", "an interface lo is there and is a device's and no TAP; choose another name");
        AssertRefused("veth0", "an interface veth0 is there and is a veth and no TAP; choose another name");
        AssertRefused("tun0",
            "tun0 is there and is a TUN interface, which has packets without Ethernet headers; choose another name");
    });

    [Fact]
    public void One_that_a_program_has_is_told_with_the_program() => OwnNetwork.Run(() =>
    {
        using TapDevice first = TapDevice.Create("used0");
        AssertRefused("used0",
            $"(process {Environment.ProcessId}) has its only queue; end it, or choose another interface");
    });

    [Fact]
    public void One_with_one_queue_and_one_with_several_are_told_apart() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("tuntap", "add", "dev", "one0", "mode", "tap");
        OwnNetwork.Ip("tuntap", "add", "dev", "many0", "mode", "tap", "multi_queue");
        AssertRefused("one0", "one0 is there and can have one queue only; make it anew with several: ip link del " +
            "one0; ip tuntap add one0 mode tap multi_queue", multiQueue: true);
        AssertRefused("many0",
            "many0 is there and can have several queues, and one of an interface with one was asked for");
    });

    [Fact]
    public void Anothers_interface_and_making_one_are_told_apart_to_who_is_not_root() => OwnNetwork.Run(() =>
    {
        OwnNetwork.Ip("tuntap", "add", "dev", "theirs0", "mode", "tap", "user", "12345");
        OwnNetwork.Ip("tuntap", "add", "dev", "group0", "mode", "tap", "group", "54321");

        // What the kernel says to others; a thread that has given up its rights would give that on to the runtime's
        // own.
        const int NotPermitted = 1;
        Assert.Equal("theirs0 belongs to user 12345; be that user, or root (CAP_NET_ADMIN)",
            TapRefusal.Explain("theirs0", NotPermitted, multiQueue: false));
        Assert.Equal("group0 belongs to group 54321; be of that group, or root (CAP_NET_ADMIN)",
            TapRefusal.Explain("group0", NotPermitted, multiQueue: false));
        Assert.Equal("making interfaces is for root (CAP_NET_ADMIN)",
            TapRefusal.Explain("new0", NotPermitted, multiQueue: false));
    });

    [Theory]
    [InlineData("all")]
    [InlineData("default")]
    public void A_name_that_the_kernel_keeps_for_itself_is_told_as_such(string name) => OwnNetwork.Run(
        () => AssertRefused(name, "the kernel keeps the name " +
            $"{name} for what it sets for all interfaces (net.ipv4.conf.{name}); choose another"));

    private static void AssertRefused(string name, string told, bool multiQueue = false)
    {
        var refusal = Assert.Throws<LinuxException>(() =>
            TapDevice.Create(name, new TapOptions { MultiQueue = multiQueue }).Dispose());
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
    }
}
