namespace Ptnetmap.HostPorts.Pcap;

/// <summary>A capture file that is none, or is damaged: the message names the file and the offset.</summary>
public sealed class PcapException : IOException
{
    /// <summary>Makes one for what is wrong at <paramref name="offset"/> of <paramref name="path"/>.</summary>
    public PcapException(string path, long offset, string reason) : base($"{path}: offset {offset}: {reason}")
    {
    }

    /// <summary>Makes one with a free text.</summary>
    public PcapException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a free text and a cause.</summary>
    public PcapException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
