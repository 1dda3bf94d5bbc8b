using Ptnetmap.Lab.Guests;
using Ptnetmap.Ports;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Beds;

/// <summary>The guests of a bed: who sends, who receives, who is between them, and who only is there. The first that is
/// added gets the plan's first CPU, and so on.</summary>
/// <param name="settings">What they do.</param>
/// <param name="factory">Makes guests of the settings' kind.</param>
/// <param name="outside">Makes those that are threads, whatever the others are.</param>
public sealed class Crew(BedSettings settings, IGuestFactory factory, ThreadGuestFactory outside)
{
    private readonly List<IBenchGuest> _senders = [];
    private readonly List<IBenchGuest> _receivers = [];
    private readonly List<IBenchGuest> _forwarders = [];
    private readonly List<IBenchGuest> _idlers = [];
    private readonly List<Party> _parties = [];
    private int _bound;

    /// <summary>Guests whose sent packets count.</summary>
    public IReadOnlyList<IBenchGuest> Senders => _senders;

    /// <summary>Guests whose received packets count.</summary>
    public IReadOnlyList<IBenchGuest> Receivers => _receivers;

    /// <summary>Guests between them.</summary>
    public IReadOnlyList<IBenchGuest> Forwarders => _forwarders;

    /// <summary>Guests that wait for packets which nobody sends.</summary>
    public IReadOnlyList<IBenchGuest> Idlers => _idlers;

    /// <summary>All guests, those who wait for packets first.</summary>
    public IEnumerable<IBenchGuest> All => _idlers.Concat(_forwarders).Concat(_receivers).Concat(_senders);

    /// <summary>All guests, those who send first: who is to go first in the end.</summary>
    public IEnumerable<IBenchGuest> FromTheSource =>
        _senders.Concat(_forwarders).Concat(_receivers).Concat(_idlers);

    /// <summary>Senders and receivers with their ports, where both are guests.</summary>
    public IReadOnlyList<Party> Parties => _parties;

    /// <summary>Adds a guest that sends.</summary>
    public void AddSender(Port port, SenderPart part)
    {
        IBenchGuest sender = factory.CreateSender(port, part with { Cpu = NextCpu() });
        _senders.Add(sender);
        _parties.Add(new Party(sender, port, PartyRole.Sender));
    }

    /// <summary>Adds a guest that receives.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="from">Whose frames come, where they are several and frames are checked.</param>
    public void AddReceiver(Port port, IReadOnlyList<MacAddress>? from = null)
    {
        IBenchGuest receiver = factory.CreateReceiver(port,
            new ReceiverPart($"receiver{_receivers.Count}", OptionsOf(from), NextCpu()));
        AddReceiver(receiver, port, PartyRole.Receiver);
    }

    /// <summary>Adds a guest that reads a few frames a second: a thread, whatever the others are.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="name">Its name.</param>
    /// <param name="rate">Frames a second.</param>
    /// <param name="from">As for <see cref="AddReceiver(Port, IReadOnlyList{MacAddress})"/>.</param>
    public void AddSlowReceiver(Port port, string name, long rate, IReadOnlyList<MacAddress>? from)
    {
        var receiver = new Receiver(outside.Open(port), OptionsOf(from) with { Rate = rate });
        AddReceiver(new ThreadGuest(name, receiver, cpu: null), port, PartyRole.Slow);
    }

    /// <summary>Adds a guest that never reads what comes: a thread, whatever the others are.</summary>
    public void AddStalledReceiver(Port port, string name) => AddReceiver(
        new ThreadGuest(name, new Sleeper(outside.Open(port)), cpu: null), port, PartyRole.Stalled);

    /// <summary>Adds something that receives and is no guest on a ring.</summary>
    public void AddReceiver(StubWire wire) => _receivers.Add(wire);

    /// <summary>Adds a guest that waits for packets which nobody sends.</summary>
    public void AddIdle(Port port, string name) =>
        _idlers.Add(factory.CreateReceiver(port, new ReceiverPart(name, new ReceiverOptions(), Cpu: null)));

    /// <summary>Adds the network outside as sender: a thread, whatever the guests are.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="part">What it does.</param>
    /// <param name="more">Ends to which frames go in turn, besides the part's destination.</param>
    public Sender AddOutsideSender(Port port, SenderPart part, IReadOnlyList<int> more)
    {
        var sender = new Sender(outside.Open(port), part.Traffic with
        {
            MoreDestinations = [.. more.Select(Layouts.MacOf)],
        });
        _senders.Add(new ThreadGuest("outside", sender, NextCpu()));
        return sender;
    }

    /// <summary>Adds the network outside as receiver: a thread, whatever the guests are.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="from">Ends whose frames come.</param>
    public Receiver AddOutsideReceiver(Port port, IReadOnlyList<int> from)
    {
        var receiver = new Receiver(outside.Open(port), new ReceiverOptions
        {
            Verify = settings.Verify,
            Sources = [.. from.Select(Layouts.MacOf)],
        });
        _receivers.Add(new ThreadGuest("outside", receiver, NextCpu()));
        return receiver;
    }

    /// <summary>Adds a guest that passes on what comes.</summary>
    public void AddForwarder(Port from, Port to) =>
        _forwarders.Add(factory.CreateForwarder(from, to, $"forwarder{_forwarders.Count}", NextCpu()));

    /// <summary>Adds a guest that sends one frame and waits for it to come back, and one that sends it back.</summary>
    public void AddPing(Port ping, Port echo, SenderPart part)
    {
        _forwarders.Add(factory.CreateEcho(echo, "echo", NextCpu()));
        _receivers.Add(factory.CreatePing(ping, part with { Cpu = NextCpu() }));
    }

    /// <summary>Starts all guests, those who wait for packets first.</summary>
    public void Start()
    {
        foreach (IBenchGuest guest in All)
        {
            guest.Start();
        }
    }

    private void AddReceiver(IBenchGuest receiver, Port port, PartyRole role)
    {
        _receivers.Add(receiver);
        _parties.Add(new Party(receiver, port, role));
    }

    // Who checks frames of several senders has to tell them apart; who only counts them need not look at them.
    private ReceiverOptions OptionsOf(IReadOnlyList<MacAddress>? from) => new()
    {
        Verify = settings.Verify,
        Latency = settings.Latency,
        Sources = settings.Verify && from is { Count: > 1 } ? from : [],
    };

    private int? NextCpu() => settings.Pin.GuestCpu(_bound++);
}
