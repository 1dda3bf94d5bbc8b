namespace Ptnetmap.HostPorts.Tap;

/// <summary>What a TAP interface is to be.</summary>
public sealed record TapPortOptions
{
    /// <summary>The interface's name, 1 to 15 characters; with <c>%d</c> in it the kernel chooses a number.</summary>
    public required string Interface { get; init; }

    /// <summary>Queues, and ring pairs of the port; more than one needs a kernel with multi-queue TAP (3.8).</summary>
    public int Queues { get; init; } = 1;

    /// <summary>Slots a ring.</summary>
    public int Slots { get; init; } = 1024;

    /// <summary>The network namespace that it is made in: a name of <c>ip netns</c>, or a path; null: where we
    /// are.</summary>
    public string? NetworkNamespace { get; init; }

    /// <summary>Its MTU; null: the kernel's usual 1500, or what a persistent one has.</summary>
    public int? Mtu { get; init; }

    /// <summary>The MAC address of the kernel's side; null: the kernel chooses.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The interface whose kernel side the port is to be (<c>netmap:eth0^</c>): the TAP only leads there, and
    /// has its MTU. Null: the TAP's own kernel side.</summary>
    public string? StackOf { get; init; }

    /// <summary>It stays when the port is closed.</summary>
    public bool Persistent { get; init; }
}
