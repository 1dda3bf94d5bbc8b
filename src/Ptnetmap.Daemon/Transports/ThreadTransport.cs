using Ptnetmap.Client;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Passthrough;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Daemon.Transports;

/// <summary>A guest that is a thread of the daemon: the same rings, CSB and eventfds as a VM's. For trying a port out
/// and for tests, without a VM.</summary>
/// <param name="context">The port, and what serves it.</param>
public sealed class ThreadTransport(TransportContext context) : IPortTransport
{
    /// <summary>The kind's name.</summary>
    public const string Name = "thread";

    private readonly GuestSettings _settings = context.Settings.Guest ?? new GuestSettings();
    private GuestAttachment? _attachment;
    private volatile GuestThread? _thread;

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public TransportState State => _thread is null ? TransportState.Detached : TransportState.Attached;

    /// <inheritdoc/>
    public string? Endpoint => null;

    /// <inheritdoc/>
    public string? Note
    {
        get
        {
            GuestThread? thread = _thread;
            return thread is null ? null
                : thread.Failure is { } failure ? $"{_settings.Program}: failed: {failure.Message}"
                : thread.Program.IsFinished ? $"{_settings.Program}: finished"
                : _settings.Program;
        }
    }

    /// <inheritdoc/>
    public GuestCounters? Guest => _thread?.Program.Counters;

    /// <inheritdoc/>
    public DeviceState? Device => null;

    /// <summary>The guest's door, while it has one; for tests that spoil it.</summary>
    internal GuestAttachment? Attachment => _attachment;

    /// <inheritdoc/>
    public void Attach()
    {
        if (_thread is not null)
        {
            return;
        }

        GuestAttachment attachment = context.Host.Attach(context.Port, context.Policy, discardUnread: true);
        try
        {
            GuestThread thread = MakeThread(attachment);
            thread.Start();
            _thread = thread;
            _attachment = attachment;
        }
        catch
        {
            attachment.Dispose();
            throw;
        }

        TransportLog.Attached(context.Log, context.Port.Name, Name);
        context.GuestChanged();
    }

    /// <inheritdoc/>
    public void Detach()
    {
        if (_thread is not { } thread)
        {
            return;
        }

        if (!thread.TryEnd(context.Host.Quiescence.Patience))
        {
            TransportLog.GuestStuck(context.Log, context.Port.Name, Name);
            _attachment!.Strand();
        }

        _thread = null;
        _attachment!.Dispose();
        _attachment = null;
        TransportLog.Detached(context.Log, context.Port.Name, Name);
        context.GuestChanged();
    }

    /// <inheritdoc/>
    public void Dispose() => Detach();

    private GuestThread MakeThread(GuestAttachment attachment) =>
        new(CreateProgram(LocalGuest.Open(attachment)), $"guest {context.Port.Name}")
        {
            Failed = failure =>
                TransportLog.GuestFailed(context.Log, context.Port.Name, Name, _settings.Program, failure.Message),
        };

    private GuestProgram CreateProgram(NetmapPort port) => _settings.Program switch
    {
        "send" => new Sender(port, new TrafficSpec
        {
            FrameLength = _settings.Frame,
            Source = context.Mac,
            Destination = MacAddress.TryParse(_settings.To, out MacAddress to) ? to : MacAddress.Broadcast,
            Rate = _settings.Rate,
            Limit = _settings.Packets,
        }),
        "echo" => new Echo(port),
        _ => new Receiver(port,
            new ReceiverOptions { Verify = _settings.Verify, Limit = _settings.Packets, Gaps = true }),
    };
}
