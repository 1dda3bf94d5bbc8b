using System.Globalization;
using System.Text;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>An Ethernet address.</summary>
/// <param name="Value">As a number whose lowest byte is the first on the wire.</param>
public readonly record struct MacAddress(ulong Value)
{
    private const string MachineIdFile = "/etc/machine-id";

    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>True for a group of receivers.</summary>
    public bool IsMulticast => (Value & 1) != 0;

    /// <summary>Reads <c>02:00:00:00:00:01</c>.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        string[] parts = text?.Split(':') ?? [];
        ulong value = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i].Length != 2 || !byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, null, out byte part))
            {
                return false;
            }

            value |= (ulong)part << (8 * (i % 6));
        }

        address = new MacAddress(value);
        return parts.Length == 6;
    }

    /// <summary>A locally administered address for a port: the same whenever the port is made again on this machine, and
    /// another one on another machine.</summary>
    public static MacAddress ForPort(string port)
    {
        string machine = File.Exists(MachineIdFile) ? File.ReadAllText(MachineIdFile) : Environment.MachineName;
        ulong value = HashOf($"{machine.Trim()}/{port}") & 0xFFFF_FFFF_FF00;
        return new MacAddress(value | 0x02);
    }

    // FNV-1a, 64 bits, and its high half folded in. Nobody has to be kept from finding two names of one address, and a
    // cryptographic hash of the framework's would need OpenSSL on the system.
    private static ulong HashOf(string text)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (byte part in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ part) * 0x0000_0100_0000_01B3);
        }

        return hash ^ (hash >> 32);
    }

    /// <summary>Its six bytes, in the order of the wire.</summary>
    public byte[] ToBytes()
    {
        ulong value = Value;
        return [.. Enumerable.Range(0, 6).Select(i => (byte)(value >> (8 * i)))];
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        ulong value = Value;
        return string.Join(':', Enumerable.Range(0, 6).Select(i => $"{(byte)(value >> (8 * i)):x2}"));
    }
}
