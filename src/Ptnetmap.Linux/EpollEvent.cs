using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary><c>struct epoll_event</c>, packed on x86-64 as the kernel has it.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct EpollEvent
{
    /// <summary>What happened: <c>EPOLLIN</c> is 1.</summary>
    public uint Events;

    /// <summary>The number that was registered with the descriptor.</summary>
    public ulong Tag;
}
