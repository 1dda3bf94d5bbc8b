using Ptnetmap.Tests.Client;

namespace Ptnetmap.Tests.PciGuest;

/// <summary>A ptnet device with a host played by hand behind it.</summary>
internal sealed class FakePtnet : FakeRegisters
{
    private const int Control = 4;
    private readonly bool _csbBar;

    internal FakePtnet(string address, HandHost host, bool csbBar, ushort hostMemoryId)
    {
        Address = address;
        Host = host;
        _csbBar = csbBar;
        (int Offset, uint Value)[] values =
        [
            (8, 0x0c0d_0e0f), (12, 0x0a0b), (24, (uint)host.InterfaceOffset), (28, 1), (32, 1), (36, 64), (40, 64),
            (48, hostMemoryId), (112, csbBar ? 0x706E_7478u : 0), (116, csbBar ? 1u : 0),
        ];
        foreach ((int offset, uint value) in values)
        {
            Values[offset] = value;
        }
    }

    internal string Address { get; }

    internal HandHost Host { get; }

    /// <summary>What PTCTL reads as after a start.</summary>
    internal uint Refusal { get; set; }

    internal bool Started { get; private set; }

    /// <summary>What VNET_HDR_LEN reads as at most; the feature is granted when it is not 0.</summary>
    internal uint HeaderLength { get; set; }

    internal long Kicks(int ring) => Writes.Count(write => write.Offset == 128 + (4 * ring));

    public override void Write(int offset, uint value)
    {
        base.Write(offset, value);
        if (offset == 0)
        {
            Values[0] = HeaderLength != 0 ? value & 1 : 0;
        }
        else if (offset == 44)
        {
            Values[44] = Math.Min(value, HeaderLength);
        }
        else if (offset == 120)
        {
            Values[120] = _csbBar ? value : 0;
        }
        else if (offset == Control)
        {
            Started = value == 1 && Refusal == 0;
            Values[Control] = value == 1 ? Refusal : 0;
            if (Started && Values.GetValueOrDefault(120) == 1)
            {
                Host.TxCsb.WriteHwCurHwTailRelease(0, 63);
            }
        }
    }
}
