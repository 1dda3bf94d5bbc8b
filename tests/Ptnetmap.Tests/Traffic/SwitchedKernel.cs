using System.Net;
using System.Net.Sockets;
using Ptnetmap.Client;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Linux.Net;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Traffic;

/// <summary>One side of a switch: a port, a guest thread that bridges it to a TAP interface, and the kernel's network
/// stack behind that, in the network of the thread that makes it.</summary>
internal sealed class SwitchedKernel : IDisposable
{
    private readonly MemoryRegion _region;
    private readonly GuestAttachment _attachment;
    private readonly TapReader _reader;
    private readonly GuestThread[] _threads;

    internal SwitchedKernel(ValeSwitch vale, int number, int headerLength, WorkerPool workers, Quiescence quiescence)
    {
        _region = MemoryRegion.Create(new RegionRequest
        {
            Id = (ushort)number,
            Slots = 1024,
            BufferSize = 2112,
            HugePages = HugePagePolicy.Off,
        });
        Port = ValePort.Create(vale, $"kernel{number}", _region, PortShape.Symmetric(1, 1024), quiescence);
        _attachment = GuestAttachment.Attach(Port, workers, NotificationPolicy.SpinThenSleep, quiescence, headerLength);
        NetmapPort guest = NetmapPort.Open(new LocalChannel(
            _region, _attachment.InterfaceOffset, _attachment.Csb, _attachment.Kicks, _attachment.Interrupts,
            _attachment.Assist,
            headerLength));
        Tap = MakeTap(guest.Channel.VnetHeaderLength, number);
        _reader = new TapReader(Tap, guest.TxRings[0]);
        Writer = new TapWriter(guest.RxRings[0], Tap);
        _threads = [new GuestThread(_reader, $"tap-reader-{number}"), new GuestThread(Writer, $"tap-writer-{number}")];
        Array.ForEach(_threads, thread => thread.Start());
    }

    internal ValePort Port { get; }

    internal TapDevice Tap { get; }

    internal TapWriter Writer { get; }

    internal GuestCounters Sent => _reader.Counters;

    internal long TooLong => _reader.TooLong;

    internal static IPAddress Address(int number, bool v4) =>
        IPAddress.Parse(v4 ? $"10.77.0.{number}" : $"fd77::{number}");

    /// <summary>A number of <c>/proc/net/snmp</c> of the calling thread's network: TCP segments with a wrong
    /// checksum.</summary>
    internal static long TcpChecksumErrors()
    {
        string[] lines = [.. File.ReadLines("/proc/thread-self/net/snmp")
            .Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal))];
        int column = Array.IndexOf(lines[0].Split(' '), "InCsumErrors");
        return long.Parse(lines[1].Split(' ')[column], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A socket of the calling thread's network.</summary>
    internal static Socket NewSocket(bool v4) =>
        new(v4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = 60_000,
            SendTimeout = 60_000,
        };

    public void Dispose()
    {
        Array.ForEach(_threads, thread => thread.Dispose());
        _reader.Dispose();
        Tap.Dispose();
        _attachment.Dispose();
        Port.Dispose();
        _region.Dispose();
    }

    private static TapDevice MakeTap(int headerLength, int number)
    {
        TapDevice tap = TapDevice.Create("ptap%d", headerLength == 0 ? null : new TapOptions
        {
            VnetHeader = true,
            Offloads = TapOffloads.Checksum | TapOffloads.TcpV4 | TapOffloads.TcpV6,
        });
        tap.SetMac(MacAddress.Local((ushort)number));
        tap.BringUp();
        OwnNetwork.Ip("addr", "add", $"{Address(number, v4: true)}/24", "dev", tap.Name);
        OwnNetwork.Ip("addr", "add", $"{Address(number, v4: false)}/64", "dev", tap.Name, "nodad");
        return tap;
    }
}
