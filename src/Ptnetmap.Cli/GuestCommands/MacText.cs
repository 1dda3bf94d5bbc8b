using System.Globalization;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>MAC addresses as people write them, and as numbers whose lowest byte is the first on the wire.</summary>
internal static class MacText
{
    private const int Bytes = 6;

    /// <summary>Reads one.</summary>
    internal static bool TryParse(string text, out ulong address)
    {
        address = 0;
        string[] parts = text.Split(':');
        bool sound = parts.Length == Bytes;
        for (int i = 0; sound && i < Bytes; i++)
        {
            sound = parts[i].Length is 1 or 2
                && byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte part)
                && (address |= (ulong)part << (8 * i)) >= 0;
        }

        return sound;
    }

    /// <summary>The number of an address given byte by byte.</summary>
    internal static ulong ToNumber(ReadOnlySpan<byte> mac)
    {
        ulong address = 0;
        for (int i = 0; i < Bytes; i++)
        {
            address |= (ulong)mac[i] << (8 * i);
        }

        return address;
    }
}
