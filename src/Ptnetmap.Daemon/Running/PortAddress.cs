using System.Text;

namespace Ptnetmap.Daemon.Running;

/// <summary>The Ethernet address of a port that was given none.</summary>
internal static class PortAddress
{
    private const string MachineIdFile = "/etc/machine-id";
    private const ulong LocalBit = 2;

    /// <summary>A locally administered address for a port: the same whenever the port is made again on this machine,
    /// and another one on another machine.</summary>
    internal static MacAddress For(string port)
    {
        string machine = File.Exists(MachineIdFile) ? File.ReadAllText(MachineIdFile) : Environment.MachineName;
        ulong value = HashOf($"{machine.Trim()}/{port}") & MacAddress.Mask & ~(ulong)byte.MaxValue;
        return new MacAddress(value | LocalBit);
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
}
