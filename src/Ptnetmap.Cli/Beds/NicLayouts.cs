using Ptnetmap.Memory;
using Ptnetmap.Nic;
using Ptnetmap.Nic.Devices;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Cli.Beds;

/// <summary>Measurements of NIC ports.</summary>
internal static class NicLayouts
{
    /// <summary>A sender and a receiver, each on the queues of one of two interfaces that are connected to each other.</summary>
    internal static Testbed Veth(BedSettings settings, NicMode? mode) => Layouts.Build(settings, bed =>
    {
        VethLink veth = bed.Own(new VethLink(settings.Rings, settings.Frame));
        NicSupervisor supervisor = bed.Own(new NicSupervisor());
        NicPort left = AddPort(bed, "left");
        NicPort right = AddPort(bed, "right");
        GuestAttachment receiver = bed.Attach(right);
        GuestAttachment sender = bed.Attach(left);
        NicLink link = Connect(supervisor, right, veth.Right, settings, mode);
        _ = Connect(supervisor, left, veth.Left, settings, mode);
        bed.NicMode = link.Device!.Mode;
        bed.AddReceiver(receiver);
        bed.AddSender(sender, Layouts.SenderOf(settings, 0, 1));
    });

    /// <summary>A guest on a port behind which there is neither kernel nor wire.</summary>
    internal static Testbed Stub(BedSettings settings, Direction direction) => Layouts.Build(settings, bed =>
    {
        NicPort port = AddPort(bed, "stub");
        GuestAttachment guest = bed.Attach(port);
        var wire = new StubWire(port, settings.Frame);
        if (direction == Direction.Tx)
        {
            bed.AddReceiver(wire);
            bed.AddSender(guest, Layouts.SenderOf(settings, 0, 1));
        }
        else
        {
            _ = bed.Own(wire);
            bed.AddReceiver(guest);
        }
    });

    private static NicPort AddPort(Testbed bed, string name)
    {
        MemoryRegion region = bed.AddRegion(name, 1);
        return bed.Add(quiescence => NicPort.Create($"netmap:{name}", region, bed.Shape, quiescence));
    }

    private static NicLink Connect(
        NicSupervisor supervisor, NicPort port, (string Interface, string Namespace) where, BedSettings settings, NicMode? mode) =>
        supervisor.Add(port, new NicOptions
        {
            Interface = where.Interface,
            Namespace = where.Namespace,
            Queues = settings.Rings,
            Wanted = mode,
        });
}
