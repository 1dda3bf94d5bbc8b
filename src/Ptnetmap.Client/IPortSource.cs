namespace Ptnetmap.Client;

/// <summary>Where ports are opened by name, whatever carries them: the devices of a virtual machine, say. A program
/// that is written against it runs on every carrier.</summary>
public interface IPortSource : IDisposable
{
    /// <summary>Opens a port and starts it. It is disposed of before the source.</summary>
    /// <param name="name">Its name there.</param>
    /// <param name="request">What the program wants of it; null: nothing.</param>
    /// <exception cref="Linux.LinuxException">There is no such port, or it cannot be had; the message names those that
    /// are there.</exception>
    /// <exception cref="NetmapPortException">What is there is no port.</exception>
    public OpenPort Open(string name, PortRequest? request = null);
}
