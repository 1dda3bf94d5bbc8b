namespace Ptnetmap.HostPorts.Pcap;

/// <summary>An interface that a pcapng file describes.</summary>
/// <param name="LinkType">What its frames are.</param>
/// <param name="SnapLength">Longest part of a frame that was kept, in bytes; 0: all of it.</param>
/// <param name="Clock">What its times mean.</param>
internal readonly record struct CaptureInterface(int LinkType, uint SnapLength, CaptureClock Clock);
