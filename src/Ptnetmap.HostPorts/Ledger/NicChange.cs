using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Ledger;

/// <summary>A change of ours in a NIC that does not go with the process.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
internal abstract record NicChange(string Interface, string? Namespace)
{
    private const string OwnNamespace = "-";

    // Not permitted, interrupted, an I/O error, try again, no memory, no access, busy, no descriptors (2), no buffers,
    // timed out: the next time it may be otherwise. With all other errors the interface has gone, or cannot have been
    // changed.
    private static readonly int[] Passing = [1, 4, 5, 11, 12, 13, 16, 23, 24, 105, 110];

    /// <summary>First word of a line, and what follows the place.</summary>
    private protected abstract (string Kind, string Details) Words { get; }

    /// <summary>Reads a line:
    /// <code>
    /// rule   INTERFACE NAMESPACE|- LOCATION QUEUE FILTER [INDEX MAC]
    /// rxvlan INTERFACE NAMESPACE|- INDEX [MAC]
    /// tap    INTERFACE NAMESPACE|- INDEX FLAGS HEADER OFFLOADS MTU|- MAC|- [MAC]
    /// </code>
    /// In a namespace's name <c>%</c> and two digits stand for what would be misread: a blank, say.</summary>
    /// <returns>Null when it is none.</returns>
    internal static NicChange? Parse(string line)
    {
        string[] words = line.Split(' ');
        string? space = words.Length < 3 || string.Equals(words[2], OwnNamespace, StringComparison.Ordinal)
            ? null
            : Uri.UnescapeDataString(words[2]);
        return words switch
        {
            [FlowRuleChange.Kind, var name, _, .. var rest] => FlowRuleChange.Parse(name, space, rest),
            [ReceivedTagsChange.Kind, var name, _, .. var rest]
                when InterfaceIdentity.Parse(rest) is { } identity => new ReceivedTagsChange(name, space, identity),
            [TapChange.Kind, var name, _, .. var rest] => TapChange.Parse(name, space, rest),
            _ => null,
        };
    }

    /// <summary>Undoes it, if the interface is anywhere, whatever it is called, and as the change left it.</summary>
    /// <param name="refusal">Why it could not be undone now, and may be later; null: it was, or there is nothing to
    /// undo.</param>
    internal bool TryUndo(out string? refusal)
    {
        refusal = null;
        try
        {
            using MovedInterface? found = FindHere() ?? MovedInterface.Find(IsAnywhere);
            return found is not null && TryUndo(found, out refusal);
        }
        catch (Exception gone) when (gone is LinuxException or FormatException)
        {
            // With the interface the change has gone as well.
            return false;
        }
    }

    private bool TryUndo(MovedInterface found, out string? refusal)
    {
        string? reason = null;
        bool undone = found.Space.Run(() =>
        {
            try
            {
                using var device = new EthtoolDevice(found.Link.Name, found.Link.Index);
                return TryUndo(found.Link, device);
            }
            catch (LinuxException refused) when (Passing.Contains(refused.Errno))
            {
                reason = refused.Message;
                return false;
            }
        });
        refusal = reason;
        return undone;
    }

    // Where it was noted. That namespace may be gone, with the interface or without it.
    private MovedInterface? FindHere()
    {
        if (TryOpenSpace() is not { } space)
        {
            return null;
        }

        if (MovedInterface.FindIn(space, IsHere) is { } link)
        {
            return new MovedInterface(space, link);
        }

        space.Dispose();
        return null;
    }

    private NetworkNamespace? TryOpenSpace()
    {
        try
        {
            return Namespace is null ? NetworkNamespace.Current() : NetworkNamespace.OpenNamed(Namespace);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public sealed override string ToString()
    {
        (string kind, string details) = Words;
        return $"{kind} {Interface} {Spell(Namespace)} {details}";
    }

    // Blanks part words, ends of lines part changes, and a dash alone is no name.
    private static string Spell(string? space) => space switch
    {
        null => OwnNamespace,
        OwnNamespace => "%2D",
        _ => space.Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal),
    };

    /// <summary>Whether an interface of the namespace that was noted is the one.</summary>
    private protected abstract bool IsHere(LinkInfo link);

    /// <summary>Whether an interface of any namespace is the one.</summary>
    private protected abstract bool IsAnywhere(LinkInfo link);

    /// <summary>Undoes it, on a thread in the interface's namespace.</summary>
    /// <exception cref="LinuxException">The driver refuses.</exception>
    private protected abstract bool TryUndo(LinkInfo link, EthtoolDevice device);
}
