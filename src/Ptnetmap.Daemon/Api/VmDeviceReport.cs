namespace Ptnetmap.Daemon.Api;

/// <summary>A device of a virtual machine.</summary>
/// <param name="Id">Its id for QEMU.</param>
/// <param name="Kind">memdev or ptnet.</param>
/// <param name="Name">The trust domain of a memdev, the port of a ptnet.</param>
/// <param name="Socket">Its socket.</param>
public sealed record VmDeviceReport(string Id, [property: Schema("memdev", "ptnet")] string Kind, string Name,
    string Socket);
