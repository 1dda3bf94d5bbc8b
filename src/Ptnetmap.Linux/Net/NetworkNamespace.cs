using System.Runtime.ExceptionServices;

namespace Ptnetmap.Linux.Net;

/// <summary>A network namespace (<c>network_namespaces(7)</c>): interfaces, addresses and sockets of its own. One
/// without a name is gone, with the interfaces in it, once this object and all sockets of it are.</summary>
public sealed class NetworkNamespace : IDisposable
{
    /// <summary>Where <c>ip netns</c> keeps those with a name.</summary>
    public const string Directory = "/run/netns";

    private const string OfThisThread = "/proc/thread-self/ns/net";
    private const int NewNetwork = 0x40000000;

    // linux/nsfs.h: _IO(0xb7, 3).
    private const uint GetNamespaceType = 0xB703;

    // A name may lead to a FIFO, whose other end nobody has.
    private const int ReadOnly = Libc.OCloexec | Libc.OpenNonBlocking | Libc.OpenNoTerminal;

    private NetworkNamespace(FileDescriptor file, string name)
    {
        Descriptor = file;
        Name = name;
    }

    /// <summary>The namespace.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Its name below <see cref="Directory"/>, or a description.</summary>
    public string Name { get; }

    /// <summary>Makes an empty one, without a name: a loopback interface that is down.</summary>
    /// <exception cref="LinuxException">The kernel refused: only root may.</exception>
    public static NetworkNamespace Create() => OnThread(() =>
    {
        if (NetworkNamespaceNative.Unshare(NewNetwork) != 0)
        {
            throw LinuxException.Last("unshare(CLONE_NEWNET)", "be root (CAP_SYS_ADMIN)");
        }

        return new NetworkNamespace(Open(OfThisThread), "(own)");
    });

    /// <summary>The one of the calling thread.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static NetworkNamespace Current() => new(Open(OfThisThread), "(current)");

    /// <summary>One of a descriptor, which it takes over.</summary>
    internal static NetworkNamespace Of(FileDescriptor descriptor) => new(descriptor, "(opened)");

    /// <summary>A number that tells it from all others: that of its file.</summary>
    public ulong Id => FileStatus.Of(Descriptor).Identity.Number;

    /// <summary>A number that tells the calling thread's namespace from all others: that of its file.</summary>
    public static ulong IdOfThisThread() => IdOf(OfThisThread);

    /// <summary>The one of a name (<c>ip netns add NAME</c>) or path.</summary>
    /// <exception cref="LinuxException">There is none, or something else is there.</exception>
    public static unsafe NetworkNamespace OpenNamed(string name)
    {
        string path = name.Contains('/', StringComparison.Ordinal) ? name : Path.Combine(Directory, name);
        var space = new NetworkNamespace(Open(path), name);
        FileStatus status = FileStatus.Of(space.Descriptor);
        if (status.Kind == FileKind.Regular
            && Libc.Ioctl(space.Descriptor.Number, GetNamespaceType, null) == NewNetwork)
        {
            return space;
        }

        string kind = status.KindText;
        space.Dispose();
        throw new LinuxException($"{path} is {kind} and no network namespace; `ip netns` lists those with a name");
    }

    /// <summary>Runs something in this namespace, on a thread of its own; sockets that it makes stay in it.</summary>
    public T Run<T>(Func<T> action) => OnThread(() =>
    {
        Enter();
        return action();
    });

    /// <summary>Runs something in this namespace, on a thread of its own.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>Moves the calling thread to this namespace, for good. Not for threads of the pool, which others use
    /// afterwards.</summary>
    /// <exception cref="LinuxException">The kernel refused: only root may.</exception>
    public void Enter()
    {
        if (NetworkNamespaceNative.SetNamespace(Descriptor.Number, NewNetwork) != 0)
        {
            throw LinuxException.Last($"setns({Name})", "be root (CAP_SYS_ADMIN)");
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>That of the process: of its first thread.</summary>
    internal static ulong IdOfProcess() => IdOf("/proc/self/ns/net");

    /// <summary>That of a link below <c>/proc</c>, "net:[4026531840]"; 0 when there is none, or it may not be
    /// read.</summary>
    internal static ulong IdOf(string path)
    {
        try
        {
            string target = new FileInfo(path).LinkTarget ?? "";
            return ulong.TryParse(target.AsSpan().Trim("net:[]"), out ulong id) ? id : 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static FileDescriptor Open(string path)
    {
        int number = Libc.Open(path, ReadOnly);
        return number >= 0
            ? new FileDescriptor(number)
            : throw LinuxException.Last($"open({path})", "`ip netns` lists the namespaces with a name");
    }

    private static T OnThread<T>(Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        })
        {
            Name = "ptnet-in-netns",
        };
        LinuxThread.Start(thread).Join();
        failure?.Throw();
        return result!;
    }
}
