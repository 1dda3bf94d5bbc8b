using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>Makes what a configuration file says, in the order in which one needs the other.</summary>
internal static class ConfigurationMaker
{
    /// <summary>Makes all of it.</summary>
    /// <exception cref="RefusalException">Something of it cannot be; told with its place in the file.</exception>
    internal static void MakeAll(DaemonSettings settings, Inventory inventory)
    {
        MakeEach(settings.Domains, domain => inventory.AddDomain(DomainSizes.Of(domain, settings)), inventory);
        MakeEach(settings.Ports, port => inventory.AddPort(port), inventory);
        MakeEach(settings.Pipes, pipe => inventory.AddPipe(pipe), inventory);
        MakeEach(settings.Bridges, bridge => inventory.AddBridge(bridge), inventory);
        MakeEach(settings.Attachments, attachment => inventory.AddAttachment(attachment), inventory);
    }

    private static void MakeEach<T>(IEnumerable<T> rows, Action<T> make, Inventory inventory)
        where T : class
    {
        foreach (T row in rows)
        {
            try
            {
                make(row);
            }
            catch (Exception failure) when (inventory.Settings.Places.Of(row) is { } place)
            {
                throw new RefusalException((failure as RefusalException)?.Kind ?? RefusalKind.Conflict,
                    $"{place}: {failure.Message}", failure);
            }
        }
    }
}
