using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>A port and the interface of the kernel that it is to have: opened when interface and namespace are there, let go when they
/// are not. Known by number and namespace once it is had, whatever it is called then. Called by its
/// <see cref="NicSupervisor"/>, one call at a time; properties by anybody.</summary>
public abstract class HostLink
{
    private const int NoEntry = 2;

    private volatile NicPlace? _place;
    private volatile string? _note;
    private volatile NicState _state = NicState.Gone;

    private protected HostLink(string port, string? space)
    {
        PortName = port;
        WantedNamespace = space;
    }

    /// <summary>The port's name.</summary>
    public string PortName { get; }

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

    /// <summary>The namespace that the interface is to be in: a name of <c>ip netns</c> or a path; null: the process's own.</summary>
    internal string? WantedNamespace { get; }

    /// <summary>Where the interface is looked for; null while there is no namespace of that name.</summary>
    internal NicPlace? Place => _place;

    /// <summary>Opens the interface if that is possible now.</summary>
    /// <param name="waits">One that is not there is waited for.</param>
    /// <exception cref="LinuxException">It is not, for another reason than that the interface is down.</exception>
    internal abstract void Open(bool waits);

    /// <summary>Something may have happened to the interface.</summary>
    internal abstract void Look();

    /// <summary>Whether an event is about what this port has or wants.</summary>
    internal abstract bool Concerns(LinkInfo link);

    /// <summary>Lets the interface go.</summary>
    internal abstract void Close();

    /// <summary>Goes where the interface is to be looked for.</summary>
    /// <param name="waits">A namespace that is not there is waited for.</param>
    /// <exception cref="LinuxException">There is no such namespace, or it cannot be entered.</exception>
    internal void EnterPlace(bool waits = false)
    {
        try
        {
            _place = NicPlace.Open(WantedNamespace);
        }
        catch (LinuxException missing) when (missing.Errno == NoEntry && WantedNamespace is { } space)
        {
            string text = $"there is no network namespace {space} (ip netns add {space}; option --netns)";
            if (!waits || !NamespaceWatch.MayCome(space))
            {
                throw new LinuxException(text, missing);
            }

            Set(NicState.Gone, text);
        }
    }

    /// <summary>Lets the interface and its namespace go.</summary>
    internal virtual void LeavePlace()
    {
        NicPlace? place = _place;
        string? space = Namespace;

        // Who looks meanwhile is to see why.
        Set(NicState.Gone, $"the network namespace {space} was deleted");
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

    /// <summary>The interface went to another namespace, and the port goes with it.</summary>
    private protected void Move(NicPlace place)
    {
        NicPlace? before = _place;
        _place = place;
        before?.Dispose();
    }

    private protected void Set(NicState state, string? note) => (_note, _state) = (note, state);

    private protected void TryOpen()
    {
        try
        {
            Open(waits: true);
        }
        catch (LinuxException refusal)
        {
            Set(NicState.Refused, refusal.Message);
        }
    }

    private protected T In<T>(Func<T> action) => _place!.Run(action);
}
