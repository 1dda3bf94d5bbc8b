using System.Globalization;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Ledger;

/// <summary>A change of ours in a NIC that does not go with the process.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
internal abstract record NicChange(string Interface, string? Namespace)
{
    private const string OwnNamespace = "-";

    /// <summary>First word of a line, and what follows the place.</summary>
    private protected abstract (string Kind, string Details) Words { get; }

    /// <summary>Reads a line:
    /// <code>
    /// rule   INTERFACE NAMESPACE|- LOCATION QUEUE FILTER
    /// rxvlan INTERFACE NAMESPACE|- INDEX
    /// tap    INTERFACE NAMESPACE|- INDEX FLAGS HEADER OFFLOADS MTU|- MAC|-
    /// </code></summary>
    /// <returns>Null when it is none.</returns>
    internal static NicChange? Parse(string line)
    {
        string[] words = line.Split(' ');
        string? space = words.Length < 3 || string.Equals(words[2], OwnNamespace, StringComparison.Ordinal) ? null : words[2];
        return words switch
        {
            [FlowRuleChange.Kind, var name, _, var location, var queue, var filter]
                when uint.TryParse(location, CultureInfo.InvariantCulture, out uint place)
                && int.TryParse(queue, CultureInfo.InvariantCulture, out int number) => new FlowRuleChange(name, space, place, number, filter),
            [ReceivedTagsChange.Kind, var name, _, var index]
                when int.TryParse(index, CultureInfo.InvariantCulture, out int number) => new ReceivedTagsChange(name, space, number),
            [TapChange.Kind, var name, _, .. var rest] => TapChange.Parse(name, space, rest),
            _ => null,
        };
    }

    /// <summary>Undoes it, if the interface is there and as the change left it.</summary>
    internal bool TryUndo()
    {
        try
        {
            using NetworkNamespace space = Namespace is null ? NetworkNamespace.Current() : NetworkNamespace.OpenNamed(Namespace);
            return space.Run(() =>
            {
                using var device = new EthtoolDevice(Interface);
                return TryUndo(device);
            });
        }
        catch (Exception gone) when (gone is LinuxException or FormatException)
        {
            // With the interface or its namespace the change has gone as well.
            return false;
        }
    }

    /// <inheritdoc/>
    public sealed override string ToString()
    {
        (string kind, string details) = Words;
        return $"{kind} {Interface} {Namespace ?? OwnNamespace} {details}";
    }

    /// <summary>The same, on a thread in the interface's namespace.</summary>
    /// <exception cref="LinuxException">The driver refuses.</exception>
    private protected abstract bool TryUndo(EthtoolDevice device);
}
