using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>A port and the interface of the kernel that it is to have: opened when interface and namespace are there,
/// let go when they are not. Known by number and namespace once it is had, whatever it is called then. Called by its
/// <see cref="NicSupervisor"/>, one call at a time; properties by anybody.
/// <para>Events only say when to look. What is found decides, so that it is the same whether a look falls between two
/// events (down and deleted, moved and renamed) or after both.</para></summary>
public abstract class HostLink
{
    private const int NoEntry = 2;

    private volatile NicPlace? _place;
    private volatile string? _note;
    private volatile NicState _state = NicState.Gone;

    private protected HostLink(InterfacePort port, string? space)
    {
        WantedNamespace = space;
        port.DescribeBy(Describe);
    }

    /// <summary>The port.</summary>
    public abstract InterfacePort Port { get; }

    /// <summary>The port's name.</summary>
    public string PortName => Port.Name;

    /// <summary>What the interface is called: now, or when it was had last.</summary>
    public abstract string InterfaceName { get; }

    /// <summary>The namespace that it is in; null: the process's own.</summary>
    public virtual string? Namespace => WantedNamespace;

    /// <summary>Name and namespace, for messages.</summary>
    public string Called => Namespace is { } space ? $"{InterfaceName} in {space}" : InterfaceName;

    /// <summary>How it stands.</summary>
    public NicState State => _state;

    /// <summary>Why it is not up; null when it is.</summary>
    public string? Note => _note;

    /// <summary>The namespace that the interface is to be in: a name of <c>ip netns</c> or a path; null: the process's
    /// own.</summary>
    internal string? WantedNamespace { get; }

    /// <summary>Where the interface is looked for; null while there is no namespace of that name.</summary>
    internal NicPlace? Place => _place;

    /// <summary>Told what of an interface is still changed after it was let go, where, and what undoes it.</summary>
    internal Action<string> Left { get; set; } = _ => { };

    /// <summary>All that there is to say of it, with the kernel's counters.</summary>
    public abstract HostPortState Describe();

    /// <summary>Whether there is an interface to open; when there is none, the state says so, and it is waited
    /// for.</summary>
    internal abstract bool MayOpen();

    /// <summary>Opens the interface. One that is down is waited for.</summary>
    /// <exception cref="LinuxException">It is not there, or not to be had.</exception>
    internal abstract void Open();

    /// <summary>Something may have happened to the interface.</summary>
    internal abstract void Look();

    /// <summary>Whether an event is about what this port has or wants.</summary>
    internal abstract bool Concerns(LinkInfo link);

    /// <summary>Closes what it has and opens it again: the kernel has nothing of the port's any more.</summary>
    internal abstract void Renew();

    /// <summary>Lets the interface go.</summary>
    internal void Close()
    {
        string name = InterfaceName;
        IHeldInterface? held = Take();
        new Teardown()
            .Step($"port {PortName}", Port.Disconnect)
            .Step($"interface {name}", () => Free(held))
            .Step("what is left of it", () => TellLeft(held))
            .Finish();
    }

    /// <summary>Goes where the interface is to be looked for.</summary>
    /// <returns>Null when it is there; otherwise which namespace is not, and may come.</returns>
    /// <exception cref="LinuxException">There is no such namespace and never will be, or it cannot be
    /// entered.</exception>
    internal string? EnterPlace()
    {
        try
        {
            _place = NicPlace.Open(WantedNamespace);
            return null;
        }
        catch (LinuxException missing) when (missing.Errno == NoEntry && WantedNamespace is { } space)
        {
            string text = $"there is no network namespace {space} (ip netns add {space}; option --netns)";
            return NamespaceWatch.MayCome(space) ? text : throw new LinuxException(text, missing);
        }
    }

    /// <summary>The namespace that is wanted has come.</summary>
    internal void OnNamespaceCame()
    {
        if (_place is null)
        {
            Return();
        }
    }

    /// <summary>A name does not lead to its namespace any more. An interface that has gone to another one before stays
    /// had; one that was in it is let go, and looked for where it is wanted.</summary>
    internal void OnNamespaceDeleted(string name)
    {
        if (_place is not null)
        {
            Follow();
        }

        if (_place is null || !string.Equals(Namespace, name, StringComparison.Ordinal))
        {
            return;
        }

        // Who looks meanwhile is to see why.
        Wait($"the network namespace {name} was deleted");
        LeavePlace();
        if (!string.Equals(Namespace, name, StringComparison.Ordinal))
        {
            Return();
        }
    }

    /// <summary>From now on it is told what happens to the namespace's name: what happened before is found
    /// here.</summary>
    internal void CheckNamespace()
    {
        if (_place is not { } place)
        {
            Return();
        }
        else if (Namespace is { } name && !string.Equals(name, WantedNamespace, StringComparison.Ordinal)
            && !string.Equals(name, NamespaceNames.NameOf(place.Id), StringComparison.Ordinal))
        {
            OnNamespaceDeleted(name);
        }
    }

    /// <summary>Lets the interface and its namespace go.</summary>
    internal virtual void LeavePlace()
    {
        NicPlace? place = _place;
        new Teardown()
            .Step($"interface {InterfaceName}", Close)
            .Step("namespace", () =>
            {
                _place = null;
                place?.Dispose();
            })
            .Finish();
    }

    /// <summary>It could not be looked at, or not be had.</summary>
    internal void Fail(string reason) => Set(NicState.Refused, reason);

    /// <summary>There is nothing to have yet, or no more.</summary>
    internal void Wait(string reason) => Set(NicState.Gone, reason);

    /// <summary>What the port has; it has nothing from now on.</summary>
    private protected abstract IHeldInterface? Take();

    /// <summary>Goes to the namespace where the interface is by now, if the port can.</summary>
    private protected virtual void Follow()
    {
    }

    /// <summary>The interface went to another namespace, and the port goes with it.</summary>
    private protected void Move(NicPlace place)
    {
        NicPlace? before = _place;
        _place = place;
        before?.Dispose();
    }

    private protected void SetBy(LinkInfo link)
    {
        if (link.IsUp)
        {
            Set(NicState.Up, null);
        }
        else
        {
            Set(NicState.Down, $"{link.Name} is set down (ip link set {link.Name} up)");
        }
    }

    private protected void TryOpen()
    {
        try
        {
            if (MayOpen())
            {
                Open();
            }
        }
        catch (LinuxException refusal)
        {
            // It may have gone just then: that is not a refusal.
            if (MayOpen())
            {
                Fail(refusal.Message);
            }
        }
    }

    private protected T In<T>(Func<T> action) => _place!.Run(action);

    // Why there is no place is said already.
    private void Return()
    {
        if (EnterPlace() is null)
        {
            Look();
        }
    }

    private void Set(NicState state, string? note) => (_note, _state) = (note, state);

    // The rings of a socket are mapped, and the number of a descriptor becomes another file's: a pass that does not end
    // must not find them gone.
    private void Free(IHeldInterface? held)
    {
        if (held is not null && Port.HasStuckPass)
        {
            Quiescence.Keep(held);
        }
        else
        {
            held?.Dispose();
        }
    }

    private void TellLeft(IHeldInterface? held)
    {
        if (held?.Left is { } left)
        {
            Left(left);
        }
    }
}
