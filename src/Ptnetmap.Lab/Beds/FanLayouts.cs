using Ptnetmap.Lab.Guests;
using Ptnetmap.Ports;

namespace Ptnetmap.Lab.Beds;

/// <summary>Any number of senders and receivers on one switch. Ends are numbered through: senders, receivers, slow
/// ones, stalled ones, idle ones.</summary>
public static class FanLayouts
{
    /// <summary>Senders, each of which sends to all receivers in turn, or one that sends to all at once.</summary>
    public static Testbed Fan(BedSettings settings) => Layouts.Build(settings, bed =>
    {
        FanSettings fan = settings.Fan!;
        int first = fan.Senders;
        MacAddress[] sources = [.. Enumerable.Range(0, fan.Senders).Select(Layouts.MacOf)];
        for (int end = first; end < fan.Guests; end++)
        {
            AddReceiver(bed, fan, end, sources);
        }

        for (int end = 0; end < fan.Senders; end++)
        {
            bed.Crew.AddSender(bed.AddStranger(end), SenderOf(settings, end));
        }

        AddIdle(bed, fan.Guests);
    });

    /// <summary>Adds the ports that have a guest and nothing to do.</summary>
    /// <param name="bed">The bed, with a switch.</param>
    /// <param name="first">Number of the first one's end.</param>
    public static void AddIdle(Testbed bed, int first)
    {
        for (int i = 0; i < bed.Settings.IdlePorts; i++)
        {
            bed.Crew.AddIdle(bed.AddStranger(first + i, BedSettings.IdleSlots), $"idle{i}");
        }
    }

    private static void AddReceiver(Testbed bed, FanSettings fan, int end, MacAddress[] sources)
    {
        Port port = bed.AddStranger(end);
        int index = end - fan.Senders;
        if (index < fan.Receivers)
        {
            bed.Crew.AddReceiver(port, sources);
        }
        else if (index < fan.Receivers + fan.Slow)
        {
            bed.Crew.AddSlowReceiver(port, $"slow{index - fan.Receivers}", fan.SlowRate, sources);
        }
        else
        {
            bed.Crew.AddStalledReceiver(port, $"stalled{index - fan.Receivers - fan.Slow}");
        }
    }

    // Each begins with another receiver: together they load all of them evenly from the first frame on.
    private static SenderPart SenderOf(BedSettings settings, int sender)
    {
        FanSettings fan = settings.Fan!;
        MacAddress[] all = fan.Broadcast
            ? [MacAddress.Broadcast]
            : [.. Enumerable.Range(0, fan.Destinations).Select(
                i => Layouts.MacOf(fan.Senders + ((sender + i) % fan.Destinations)))];
        SenderPart part = Layouts.SenderOf(settings, sender, fan.Senders);
        return part with
        {
            Traffic = part.Traffic with { Destination = all[0], MoreDestinations = all[1..], Turn = fan.Turn },
        };
    }
}
