using System.Diagnostics;
using Ptnetmap.Linux;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.Peer;

/// <summary>The worst program that a virtual machine can run: writes over everything that its host shows it, in the
/// hope that the host believes something. Rings, netmap_if and slots of every region; status blocks of every port, in
/// its BAR and in guest memory; every register, kicks and start and stop among them. Nonsense, and numbers that are
/// nearly right.</summary>
internal sealed class Scribbler : IDisposable
{
    private const ushort Vendor = 0x1B36;
    private const ushort Memdev = 0x000C;
    private const ushort Ptnet = 0x000D;
    private const string Bus = "/sys/bus/pci/devices";
    private const int RegionBar = 1;
    private const int RoundSize = 500;

    private readonly Random _random;
    private readonly List<ScribbledPort> _ports = [];
    private readonly List<MemoryMapping> _regions = [];
    private long _ringWords;
    private long _csbWords;
    private long _registerWrites;
    private long _starts;

    internal Scribbler(int seed)
    {
        _random = new Random(seed);
        foreach (PciFunction memdev in PciFunction.Find(Bus, Vendor, Memdev))
        {
            memdev.Enable();
            using FileDescriptor bar = memdev.OpenBar(RegionBar);
            _regions.Add(MemoryMapping.Map(bar, memdev.Bar(RegionBar).Size));
        }

        foreach (PciFunction ptnet in PciFunction.Find(Bus, Vendor, Ptnet))
        {
            _ports.Add(new ScribbledPort(ptnet));
        }
    }

    internal string Report =>
        $"ring_words={_ringWords} csb_words={_csbWords} registers={_registerWrites} starts={_starts}";

    internal void Run(TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            foreach (ScribbledPort port in _ports)
            {
                port.Start(_random.Next(2) == 0);
                _starts++;
                Round(port);
            }
        }

        _ports.ForEach(port => port.Stop());
    }

    public void Dispose()
    {
        _ports.ForEach(port => port.Dispose());
        _regions.ForEach(region => region.Dispose());
    }

    private void Round(ScribbledPort port)
    {
        for (int i = 0; i < RoundSize; i++)
        {
            switch (_random.Next(20))
            {
                case < 10:
                    ScribbleRegion(_regions[_random.Next(_regions.Count)]);
                    _ringWords++;
                    break;
                case < 17:
                    port.WriteCsb(_random.Next(2 * NetmapAbi.PageSize / sizeof(uint)), Number());
                    _csbWords++;
                    break;
                case < 19:
                    port.Kick(_random.Next(66));
                    _registerWrites++;
                    break;
                default:
                    port.WriteRegister(_random.Next(64), Number());
                    _registerWrites++;
                    break;
            }
        }
    }

    // Everything but the buffers is in front; the first pages more often, since all of it matters.
    private void ScribbleRegion(MemoryMapping region)
    {
        int limit = (int)Math.Min(region.Length, _random.Next(2) == 0 ? 1 << 16 : 1 << 20);
        int at = _random.Next(limit / sizeof(uint)) * sizeof(uint);
        _ = BitConverter.TryWriteBytes(region.Span[at..], Number());
    }

    private uint Number() => _random.Next(4) switch
    {
        0 => (uint)_random.Next(),
        1 => uint.MaxValue - (uint)_random.Next(4),
        2 => (uint)_random.Next(4),
        _ => (uint)_random.Next(1030),
    };
}
