namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Makes frames; a station is a small number, its address 02:00:00:00:hh:ll.</summary>
internal static class Frame
{
    public const int Everyone = -1;

    public static byte[] Make(int to, int from, int length = 60, int seed = 0, int vlan = -1)
    {
        var frame = new byte[Math.Max(length, 18)];
        Fill(frame, to, from, seed);
        if (vlan >= 0)
        {
            frame[12] = 0x81;
            frame[13] = 0x00;
            frame[14] = (byte)(vlan >> 8);
            frame[15] = (byte)vlan;
        }

        return frame[..length];
    }

    public static void Fill(Span<byte> frame, int to, int from, int seed)
    {
        for (int i = 14; i < frame.Length; i++)
        {
            frame[i] = (byte)(((seed * 167) + (i * 31)) >> 3);
        }

        WriteAddress(frame, to);
        WriteAddress(frame[6..], from);
        frame[12] = 0x08;
        frame[13] = 0x00;
    }

    public static ulong Address(int station)
    {
        Span<byte> address = stackalloc byte[8];
        WriteAddress(address, station);
        return BitConverter.ToUInt64(address) & 0xFFFF_FFFF_FFFF;
    }

    private static void WriteAddress(Span<byte> at, int station)
    {
        if (station == Everyone)
        {
            at[..6].Fill(0xFF);
            return;
        }

        at[..6].Clear();
        at[0] = 0x02;
        at[4] = (byte)(station >> 8);
        at[5] = (byte)station;
    }
}
