namespace Ptnetmap.HostPorts;

/// <summary>A port whose other side is the host's kernel or a file.</summary>
public interface IHostPort
{
    /// <summary>Looks at the other side. For display: it may take a few system calls.</summary>
    public HostPortState Describe();

    /// <summary>The port stays: what made it has not been refused. What cannot be undone is done from now on.</summary>
    public void Keep()
    {
    }
}
