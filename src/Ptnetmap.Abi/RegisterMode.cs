namespace Ptnetmap.Abi;

/// <summary><c>nr_mode</c> of a <see cref="RegisterRequest"/> (<c>NR_REG_*</c> in <c>sys/net/netmap.h</c>).</summary>
public enum RegisterMode : uint
{
    /// <summary><c>DEFAULT</c>: of old programs.</summary>
    Default = 0,

    /// <summary><c>ALL_NIC</c>: all rings but the host's; <see cref="RingChoice.All"/>.</summary>
    All = 1,

    /// <summary><c>SW</c>: the host rings; <see cref="RingChoice.Host"/>.</summary>
    Host = 2,

    /// <summary><c>NIC_SW</c>: both; <see cref="RingChoice.AllAndHost"/>.</summary>
    AllAndHost = 3,

    /// <summary><c>ONE_NIC</c>: one pair; <see cref="RingChoice.One"/>.</summary>
    One = 4,

    /// <summary><c>PIPE_MASTER</c>: said by the name today.</summary>
    PipeMaster = 5,

    /// <summary><c>PIPE_SLAVE</c>: said by the name today.</summary>
    PipeSlave = 6,

    /// <summary><c>NULL</c>: memory and no port.</summary>
    MemoryOnly = 7,

    /// <summary><c>ONE_SW</c>: one pair of host rings.</summary>
    OneHost = 8,
}
