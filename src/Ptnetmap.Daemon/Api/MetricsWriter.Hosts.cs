using Ptnetmap.Daemon.Running;
using Ptnetmap.HostPorts;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Daemon.Api;

/// <content>Ports of the host: what we, AF_XDP and the kernel count of their other sides.</content>
internal sealed partial class MetricsWriter
{
    private void WriteHosts(Inventory all)
    {
        (string Port, HostPortState State)[] hosts =
        [
            .. from port in all.Ports
               where port.Port is IHostPort
               select (port.Name, ((IHostPort)port.Port).Describe()),
        ];
        Head("ptnet_port_link_up", "1 while the other side of a port of the host is up.", "gauge");
        foreach ((string port, HostPortState state) in hosts)
        {
            Text("ptnet_port_link_up{port=\"");
            Label(port);
            Value("\"", string.Equals(state.Link, "up", StringComparison.Ordinal) ? 1 : 0);
        }

        WriteHostCounters(hosts);
        WriteKernelCounters(hosts);
    }

    // Which there are depends on the kind of port: a label, as with the reasons of drops.
    private void WriteHostCounters((string Port, HostPortState State)[] hosts)
    {
        Head(
            "ptnet_port_host_total", "The port's and its AF_XDP sockets' own counters of the other side, as in port " +
                "show.", "counter");
        foreach ((string port, HostPortState state) in hosts)
        {
            foreach ((string counter, long value) in state.Counters)
            {
                Text("ptnet_port_host_total{port=\"");
                Label(port);
                Text("\",counter=\"");
                Text(counter);
                Value("\"", value);
            }
        }
    }

    private void WriteKernelCounters((string Port, HostPortState State)[] hosts)
    {
        foreach ((string name, string help, Func<LinkStatistics, long> read) in KernelCounters.All)
        {
            Head($"ptnet_port_kernel_{name}_total",
                $"{help}, as the kernel counts on the port's interface.", "counter");
            foreach ((string port, HostPortState state) in hosts)
            {
                if (state.Kernel is { } kernel)
                {
                    Text("ptnet_port_kernel_");
                    Text(name);
                    Text("_total{port=\"");
                    Label(port);
                    Text("\",interface=\"");
                    Label(state.Interface);
                    Value("\"", read(kernel));
                }
            }
        }
    }
}
