namespace Ptnetmap.Linux.Net;

/// <summary>Settings and state of one network interface (<c>netdevice(7)</c>), in the network namespace that the
/// calling thread was in when this object was made.</summary>
public sealed class InterfaceControl : IDisposable
{
    private const nuint GetFlags = 0x8913;
    private const nuint SetFlags = 0x8914;
    private const nuint GetMtu = 0x8921;
    private const nuint SetMtu = 0x8922;
    private const nuint SetHardwareAddress = 0x8924;
    private const nuint GetIndex = 0x8933;
    private const short FlagUp = 0x1;
    private const short EthernetFamily = 1;
    private const int InternetFamily = 2;
    private const int DatagramCloexec = 2 | 0x80000;

    private readonly FileDescriptor _socket;
    private readonly int _index;

    /// <summary>Opens a way to the interface of that name, which need not be there yet.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="index">Its number, by which it is known from then on, whatever it is called: its name may become
    /// another's. 0: whoever has the name.</param>
    /// <exception cref="LinuxException">No descriptor left.</exception>
    public InterfaceControl(string name, int index = 0)
    {
        Name = name;
        _index = index;
        int number = Libc.Socket(InternetFamily, DatagramCloexec, 0);
        _socket = number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last("socket(AF_INET)");
    }

    /// <summary>The name that it was opened by.</summary>
    public string Name { get; }

    /// <summary>Its number in the namespace (<c>ifindex</c>).</summary>
    /// <exception cref="LinuxException">It is not there.</exception>
    public int Index => Read(GetIndex, "SIOCGIFINDEX").Number;

    /// <summary>Largest payload of a frame, without the Ethernet header.</summary>
    /// <exception cref="LinuxException">It is not there, or the size is none that it takes.</exception>
    public int Mtu
    {
        get => Read(GetMtu, "SIOCGIFMTU").Number;
        set
        {
            var request = InterfaceRequest.For(Name);
            request.Number = value;
            Control(SetMtu, ref request, $"SIOCSIFMTU {value}");
        }
    }

    /// <summary>Reads <see cref="Mtu"/>; false when the interface is gone.</summary>
    public bool TryReadMtu(out int mtu)
    {
        var request = InterfaceRequest.For(Name);
        bool there = TryControl(GetMtu, ref request);
        mtu = request.Number;
        return there;
    }

    /// <summary>Sets its MAC address; a TAP interface has to be down.</summary>
    /// <exception cref="LinuxException">The kernel refused: a multicast address, say.</exception>
    public void SetMac(MacAddress mac)
    {
        var request = InterfaceRequest.For(Name);
        request.Flags = EthernetFamily;
        mac.Write(request.Address);
        Control(SetHardwareAddress, ref request, "SIOCSIFHWADDR");
    }

    /// <summary>Brings it up.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void BringUp()
    {
        InterfaceRequest request = Read(GetFlags, "SIOCGIFFLAGS");
        request.Flags |= FlagUp;
        Control(SetFlags, ref request, "SIOCSIFFLAGS");
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private InterfaceRequest Read(nuint code, string call)
    {
        var request = InterfaceRequest.For(Name);
        Control(code, ref request, call);
        return request;
    }

    private void Control(nuint code, ref InterfaceRequest request, string call)
    {
        if (!TryControl(code, ref request))
        {
            throw LinuxException.Last($"{call}({Name})");
        }
    }

    private unsafe bool TryControl(nuint code, ref InterfaceRequest request)
    {
        if (_index != 0)
        {
            if (InterfaceRequest.NameOf(_socket, Name, _index) is not { } now)
            {
                return false;
            }

            request.SetName(now);
        }

        fixed (InterfaceRequest* argument = &request)
        {
            return Libc.Ioctl(_socket.Number, code, argument) == 0;
        }
    }
}
