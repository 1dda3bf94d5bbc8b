using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Daemon.Running;

/// <summary>Interfaces of the host on switches: what is made for one is made and taken back as a whole. The bridges
/// that were made for it say so, and are all that there is of it.</summary>
internal sealed class AttachmentRegistry(BridgeRegistry bridges, PortRegistry ports)
{
    internal IReadOnlyList<ServedAttachment> All =>
    [
        .. from bridge in bridges.All
           where bridge.Attachment is not null
           group bridge by bridge.Attachment into parts
           select new ServedAttachment(parts.Key, [.. parts]),
    ];

    /// <summary>The attachment of an interface's port.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    internal ServedAttachment Find(string port) => All.FirstOrDefault(attachment => Same(attachment.What.Port, port))
        ?? throw Refusals.NotFound("port on a switch", port, All.Select(attachment => attachment.What.Port));

    /// <summary>Without the lock: checks an attachment, and prepares all ports of it that are not there.</summary>
    /// <exception cref="RefusalException">A port is connected already, or a setting is wrong.</exception>
    /// <exception cref="RegionLimitException">A region cannot be as large.</exception>
    internal AttachmentPreparation Prepare(AttachmentSettings settings)
    {
        Refusals.Require(AttachmentRules.Check(settings));
        var prepared = new List<BridgePreparation>();
        var attachment = new AttachmentPreparation(new SwitchAttachment(settings.Switch, settings.Port), prepared);
        try
        {
            foreach (BridgeSettings bridge in AttachmentRules.BridgesOf(settings))
            {
                prepared.Add(bridges.Prepare(bridge));
            }

            return attachment;
        }
        catch
        {
            attachment.Dispose();
            throw;
        }
    }

    /// <summary>With the lock: makes all of an attachment, or none: a switch that has only the wire's side of an
    /// interface cuts its host off.</summary>
    /// <exception cref="RefusalException">A port has a guest or is connected already, or a setting is of no
    /// port.</exception>
    /// <exception cref="Ptnetmap.Ports.Switching.SwitchException">The switch is full.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal ServedAttachment Add(AttachmentPreparation prepared)
    {
        var made = new List<ServedBridge>();
        try
        {
            foreach (BridgePreparation bridge in prepared.Bridges)
            {
                made.Add(bridges.Add(bridge, prepared.What));
            }
        }
        catch
        {
            Remove(made);
            throw;
        }

        ports.Keep([.. made.SelectMany(bridge => bridge.Made)]);
        return new ServedAttachment(prepared.What, made);
    }

    /// <summary>With the lock: takes an interface off its switch: what was made to put it there goes, and nothing else.
    /// One that was put there by a bridge is parted.</summary>
    /// <param name="port">The interface's port.</param>
    /// <param name="vale">The switch that it is to be on; null: whichever it is.</param>
    /// <exception cref="RefusalException">It is on none, or on another.</exception>
    internal void Remove(string port, string? vale)
    {
        ServedBridge[] parts =
        [
            .. bridges.All.Where(bridge =>
                bridge.Attachment is { } made && Same(made.Port, port) && (vale is null || Same(made.Switch, vale))),
        ];
        if (parts.Length > 0)
        {
            Remove(parts);
            return;
        }

        ServedBridge bridge = bridges.Find(port);
        if (vale is not null)
        {
            BridgeRules.RefuseElsewhere(bridge, port, vale);
        }

        bridges.Remove(bridge);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    // The last one first; each, whatever becomes of the others.
    private void Remove(IEnumerable<ServedBridge> parts)
    {
        var end = new Teardown();
        end.StepEach(parts.Reverse(), bridge => $"bridge {bridge.Name}", bridges.Remove);
        end.Finish();
    }
}
