using System.Net.Sockets;
using System.Text;

namespace Ptnetmap.Daemon.Service;

/// <summary>Tells the service manager that started us (systemd, <c>Type=notify</c>) how far we are:
/// <c>sd_notify(3)</c>.</summary>
public static class ServiceManager
{
    /// <summary>The daemon serves.</summary>
    public const string Ready = "READY=1";

    /// <summary>The daemon ends.</summary>
    public const string Stopping = "STOPPING=1";

    private const string Variable = "NOTIFY_SOCKET";

    /// <summary>Sends <paramref name="state"/>; does nothing when nobody wants to know.</summary>
    /// <returns>False when nobody does.</returns>
    public static bool Notify(string state)
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path))
        {
            return false;
        }

        // '@' stands for the zero byte of an abstract socket.
        var address = new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path.AsSpan(1)}" : path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.UTF8.GetBytes(state), address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
