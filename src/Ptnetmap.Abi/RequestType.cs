namespace Ptnetmap.Abi;

/// <summary>What a request asks for (<c>NETMAP_REQ_*</c> in <c>sys/net/netmap.h</c>), and the size of its
/// body.</summary>
public enum RequestType : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>REGISTER</c>: bind a port; <see cref="RegisterRequest"/>.</summary>
    Register = 1,

    /// <summary><c>PORT_INFO_GET</c>: 32 bytes.</summary>
    PortInfo = 2,

    /// <summary><c>VALE_ATTACH</c>: 64 bytes.</summary>
    ValeAttach = 3,

    /// <summary><c>VALE_DETACH</c>: 8 bytes.</summary>
    ValeDetach = 4,

    /// <summary><c>VALE_LIST</c>: 8 bytes.</summary>
    ValeList = 5,

    /// <summary><c>PORT_HDR_SET</c>: set the length of the virtio-net header; 8 bytes.</summary>
    SetHeaderLength = 6,

    /// <summary><c>PORT_HDR_GET</c>: 8 bytes.</summary>
    HeaderLength = 7,

    /// <summary><c>VALE_NEWIF</c>: make a port that stays; 16 bytes.</summary>
    ValeNewPort = 8,

    /// <summary><c>VALE_DELIF</c>: no body.</summary>
    ValeDeletePort = 9,

    /// <summary><c>VALE_POLLING_ENABLE</c>: 16 bytes.</summary>
    ValePollingOn = 10,

    /// <summary><c>VALE_POLLING_DISABLE</c>: 16 bytes.</summary>
    ValePollingOff = 11,

    /// <summary><c>POOLS_INFO_GET</c>: 64 bytes.</summary>
    PoolsInfo = 12,

    /// <summary><c>SYNC_KLOOP_START</c>: 8 bytes.</summary>
    LoopStart = 13,

    /// <summary><c>SYNC_KLOOP_STOP</c>: no body.</summary>
    LoopStop = 14,

    /// <summary><c>CSB_ENABLE</c>: no body.</summary>
    CsbEnable = 15,
}
