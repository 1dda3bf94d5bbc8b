using System.CommandLine;
using Ptnetmap.Cli.GuestCommands;
using Ptnetmap.Client;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Pipes;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Two pipes of this process, <c>in0</c> to <c>out0</c> and <c>in1</c> to <c>out1</c>, whose ports programs of
/// <c>ptnet guest</c> open by name as threads of the host: no device and no machine.</summary>
internal sealed class ThreadCarrier : IPortCarrier, IPortSource
{
    private readonly MemoryRegion _region = MemoryRegion.Create(new RegionRequest
    {
        Name = "threads",
        Ports = 4,
        Slots = 64,
        RingPairs = 1,
        BufferSize = 2048,
        HugePages = HugePagePolicy.Off,
    });

    private readonly Ptnetmap.Daemon.Hosting.Host _host = new(NotificationPolicy.SpinThenSleep, workers: 1);
    private readonly Dictionary<string, Port> _ports = new(StringComparer.Ordinal);

    internal ThreadCarrier()
    {
        for (int i = 0; i < 2; i++)
        {
            (_ports[$"in{i}"], _ports[$"out{i}"]) =
                PipePort.Create("threads", i, _region, _region, PortShape.Symmetric(1, 64), _host.Quiescence);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [];

    /// <summary>What is opened goes before it; the ports stay.</summary>
    public IPortSource OpenPorts(ParseResult parsed) => this;

    /// <inheritdoc/>
    public OpenPort Open(string name, PortRequest? request = null)
    {
        GuestAttachment attachment = _host.Attach(_ports[name]);
        return new OpenPort(
            LocalGuest.Open(attachment, request?.Idle), new PortFacts(name, MacAddress.Local(1), "eventfd", "memory"),
            attachment);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Takes down what the sources above it have left.</summary>
    internal void TakeDown()
    {
        var end = new Teardown();
        _host.TakeDown(end, _ports.Values);
        end.Step("region", _region.Dispose);
        end.Finish();
    }
}
