using Ptnetmap.Lab.Guests;
using Ptnetmap.Ports;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Beds;

/// <summary>Who is connected to whom in each measurement.</summary>
public static class Layouts
{
    /// <summary>Pairs of a sender and a receiver; both ways: each end is both.</summary>
    public static Testbed Pairs(BedSettings settings) => Build(settings, bed =>
    {
        for (int pair = 0; pair < settings.Pairs; pair++)
        {
            (Port left, Port right) = bed.Connect(pair, 2 * settings.Pairs);
            bed.Crew.AddReceiver(right);
            bed.Crew.AddSender(left, SenderOf(settings, 2 * pair, (2 * pair) + 1));
            if (settings.BothWays)
            {
                bed.Crew.AddReceiver(left);
                bed.Crew.AddSender(right, SenderOf(settings, (2 * pair) + 1, 2 * pair));
            }
        }

        FanLayouts.AddIdle(bed, 2 * settings.Pairs);
    });

    /// <summary>A sender, forwarders, and a receiver, with a connection between each two; both ways: each end is both,
    /// and between them there are as many forwarders for the way back.</summary>
    public static Testbed Chain(BedSettings settings) => Build(settings, bed =>
    {
        int hops = settings.Forwarders + 1;
        var links = new (Port Left, Port Right)[hops];
        for (int hop = 0; hop < hops; hop++)
        {
            links[hop] = bed.Connect(hop, 2 * hops);
        }

        bed.Crew.AddReceiver(links[^1].Right);
        for (int hop = 1; hop < hops; hop++)
        {
            bed.Crew.AddForwarder(links[hop - 1].Right, links[hop].Left);
        }

        bed.Crew.AddSender(links[0].Left, SenderOf(settings, 0, (2 * hops) - 1));
        if (settings.BothWays)
        {
            AddWayBack(bed, settings, links);
        }
    });

    private static void AddWayBack(Testbed bed, BedSettings settings, (Port Left, Port Right)[] links)
    {
        bed.Crew.AddReceiver(links[0].Left);
        for (int hop = links.Length - 1; hop > 0; hop--)
        {
            bed.Crew.AddForwarder(links[hop].Left, links[hop - 1].Right);
        }

        bed.Crew.AddSender(links[^1].Right, SenderOf(settings, (2 * links.Length) - 1, 0));
    }

    // A guest without a processor is waited for: nothing on the way loses the only frame.
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(60);

    /// <summary>One guest that sends a frame and waits, and one that sends it back.</summary>
    public static Testbed PingPong(BedSettings settings) => Build(settings, bed =>
    {
        (Port left, Port right) = bed.Connect(0, partners: 2);
        TrafficSpec traffic = SenderOf(settings, 0, 1).Traffic with { Patience = PingPatience };
        bed.Crew.AddPing(left, right, new SenderPart("ping", traffic));
    });

    /// <summary>Two guests that wait for packets, and none that sends.</summary>
    public static Testbed Idle(BedSettings settings) => Build(settings, bed =>
    {
        (Port left, Port right) = bed.Connect(0, partners: 2);
        bed.Crew.AddReceiver(left);
        bed.Crew.AddReceiver(right);
    });

    /// <summary>The address of end number <paramref name="end"/>: the left end of connection n is 2n, the right 2n + 1.
    /// From 1, for the all-zero address is nobody's.</summary>
    public static ushort AddressOf(int end) => (ushort)(end + 1);

    /// <summary>The same as it stands in frames.</summary>
    public static MacAddress MacOf(int end) => MacAddress.Local(AddressOf(end));

    /// <summary>Builds a bed, or takes down what there is of it when that fails.</summary>
    public static Testbed Build(BedSettings settings, Action<Testbed> lay)
    {
        var bed = new Testbed(settings);
        try
        {
            lay(bed);
            return bed;
        }
        catch
        {
            bed.Dispose();
            throw;
        }
    }

    /// <summary>What the sender of end number <paramref name="from"/> does.</summary>
    public static SenderPart SenderOf(BedSettings settings, int from, int to)
    {
        return new SenderPart($"sender{from}", new TrafficSpec
        {
            FrameLength = settings.Frame,
            Burst = settings.Burst,
            Source = MacOf(from),
            Destination = MacOf(to),
            Rate = settings.Rate,
            Limit = (settings.Packets + settings.Senders - 1) / settings.Senders,
            Timestamps = settings.Latency,
        });
    }
}
