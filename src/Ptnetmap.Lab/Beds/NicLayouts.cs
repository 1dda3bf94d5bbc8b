using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Beds;

/// <summary>Measurements of NIC ports.</summary>
public static class NicLayouts
{
    /// <summary>Guests on the switch of <see cref="Switch"/>.</summary>
    public const int SwitchGuests = 2;

    private const int Outside = 0;

    private static readonly TimeSpan CarrierLimit = TimeSpan.FromSeconds(15);

    /// <summary>A sender and a receiver, each on the queues of one of two interfaces that are connected to each
    /// other.</summary>
    public static Testbed Veth(BedSettings settings, NicOptions options) => Layouts.Build(settings, bed =>
    {
        VethLink veth = bed.Own(new VethLink(settings.Rings, settings.Frame));
        NicLink[] ends = Between(bed, At(options, veth.Left), At(options, veth.Right));
        bed.WireLosses = () => WireLosses.Between(ends[0], ends[1]);
    });

    /// <summary>The same on two interfaces that are there.</summary>
    public static Testbed Wire(BedSettings settings, NicOptions options, string left, string right) =>
        Layouts.Build(settings, bed =>
        {
            NicOptions all = options with { Promiscuous = true, AllQueues = true };
            NicLink[] ends = Between(bed, all with { Interface = left }, all with { Interface = right });
            Array.ForEach(ends, WaitForCarrier);
        });

    /// <summary>A NIC as uplink of a switch with guests, and the network outside at the other end of its wire: what
    /// that sends goes to the guests in turn, or what they send goes to it.</summary>
    public static Testbed Switch(BedSettings settings, Direction direction, NicOptions options) =>
        Layouts.Build(settings, bed =>
        {
            VethLink veth = bed.Own(new VethLink(settings.Rings, settings.Frame));
            NicPort far = AddPort(bed, "far");
            MemoryRegion region = bed.AddRegion("uplink", 2);
            NicPort near = bed.Add(NicPort.Create("netmap:near", region, bed.Shape, bed.Host.Quiescence));
            bed.Connect(near, bed.AddSwitchPort("uplink", region, Layouts.AddressOf(Outside)));
            Port outside = bed.AttachOutside(far);
            Port[] guests = [.. Enumerable.Range(1, SwitchGuests).Select(
                number => bed.Attach(
                    bed.AddSwitchPort($"vm{number}", bed.AddRegion($"vm{number}", 1), Layouts.AddressOf(number))))];
            NicLink nearLink = Open(bed, near, At(options, veth.Right));
            NicLink farLink = Open(bed, far, At(options, veth.Left));
            bed.NicMode = nearLink.Device!.Mode;
            if (direction == Direction.Rx)
            {
                bed.WireLosses = () => WireLosses.Between(farLink, nearLink);
                SendToGuests(bed, outside, guests);
            }
            else
            {
                bed.WireLosses = () => WireLosses.Between(nearLink, farLink);
                ReceiveFromGuests(bed, outside, guests);
            }
        });

    /// <summary>A guest on a port behind which there is neither kernel nor wire.</summary>
    public static Testbed Stub(BedSettings settings, Direction direction) => Layouts.Build(settings, bed =>
    {
        NicPort port = AddPort(bed, "stub");
        Port guest = bed.Attach(port);
        var wire = new StubWire(port, settings.Frame);
        if (direction == Direction.Tx)
        {
            bed.Crew.AddReceiver(wire);
            bed.Crew.AddSender(guest, Layouts.SenderOf(settings, 0, 1));
        }
        else
        {
            _ = bed.AddUser(wire);
            bed.Crew.AddReceiver(guest);
        }
    });

    private static void SendToGuests(Testbed bed, Port outside, Port[] guests)
    {
        Array.ForEach(guests, guest => bed.Crew.AddReceiver(guest));
        Sender sender = bed.Crew.AddOutsideSender(outside, Layouts.SenderOf(bed.Settings, Outside, 1),
            [.. Enumerable.Range(2, SwitchGuests - 1)]);
        bed.PerGuest = () => [.. guests.Select(
            (_, i) => new GuestTraffic($"guest{i + 1}", sender.PacketsTo(i), bed.Crew.Receivers[i].Counters.Packets))];
    }

    private static void ReceiveFromGuests(Testbed bed, Port outside, Port[] guests)
    {
        Receiver receiver = bed.Crew.AddOutsideReceiver(outside, [.. Enumerable.Range(1, SwitchGuests)]);
        for (int i = 0; i < guests.Length; i++)
        {
            SenderPart part = Layouts.SenderOf(bed.Settings, i + 1, Outside);
            bed.Crew.AddSender(guests[i], part with
            {
                Traffic = part.Traffic with { Limit = (bed.Settings.Packets + SwitchGuests - 1) / SwitchGuests },
            });
        }

        bed.PerGuest = () => [.. guests.Select(
            (_, i) => new GuestTraffic(
                $"guest{i + 1}", bed.Crew.Senders[i].Counters.Packets, receiver.PacketsFrom(i)))];
    }

    private static NicPort AddPort(Testbed bed, string name)
    {
        MemoryRegion region = bed.AddRegion(name, 1);
        return bed.Add(NicPort.Create($"netmap:{name}", region, bed.Shape, bed.Host.Quiescence));
    }

    private static NicLink Open(Testbed bed, NicPort port, NicOptions options) =>
        bed.Host.Nics.Add(new NicLink(port, options, bed.Host.Programs));

    private static NicOptions At(NicOptions options, (string Interface, string Namespace) where) =>
        options with { Interface = where.Interface, Namespace = where.Namespace };

    private static NicLink[] Between(Testbed bed, NicOptions left, NicOptions right)
    {
        NicPort from = AddPort(bed, "left");
        NicPort to = AddPort(bed, "right");
        Port receiver = bed.Attach(to);
        Port sender = bed.Attach(from);
        NicLink far = Open(bed, to, right);
        NicLink[] ends = [Open(bed, from, left), far];
        bed.NicMode = Array.TrueForAll(ends, end => end.Device is not null)
            ? ends.Max(end => end.Device!.Mode)
            : throw new LinuxException(ends.First(end => end.Device is null).Note ?? "an interface is down");
        bed.Crew.AddReceiver(receiver);
        bed.Crew.AddSender(sender, Layouts.SenderOf(bed.Settings, 0, 1));
        return ends;
    }

    // Drivers begin anew with the link when they get a program, and what is sent before the other side is there is
    // lost.
    private static void WaitForCarrier(NicLink link)
    {
        if (!SpinWait.SpinUntil(() => link.HasCarrier, CarrierLimit))
        {
            throw new LinuxException(
                $"{link.Options.Interface} has no carrier: is the cable in, and is the other side up?");
        }
    }
}
