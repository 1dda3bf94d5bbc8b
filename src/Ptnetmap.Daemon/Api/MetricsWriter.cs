using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.HostPorts;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Api;

/// <summary>Writes all counters in Prometheus' text format, straight into the connection's buffers: a scrape allocates
/// next to nothing, and so brings no garbage collection nearer.</summary>
internal sealed partial class MetricsWriter(IBufferWriter<byte> output)
{
    private delegate long Reading(ref readonly RingCounters counters);

    private static readonly (string Name, string Help, Reading Read)[] Families =
    [
        ("packets", "Packets moved.", (ref readonly counters) => counters.Packets),
        ("bytes", "Bytes moved, without Ethernet's checksum.", (ref readonly counters) => counters.Bytes),
        ("batches", "Passes that moved something.", (ref readonly counters) => counters.Batches),
        ("kicks", "Kicks that came from the guest.", (ref readonly counters) => counters.Kicks),
        ("kicks_suppressed", "Passes that found work without a kick.",
            (ref readonly counters) => counters.KicksSuppressed),
        ("interrupts", "Interrupts sent to the guest.", (ref readonly counters) => counters.Interrupts),
        ("interrupts_suppressed", "News for which the guest wanted no interrupt.",
            (ref readonly counters) => counters.InterruptsSuppressed),
        ("sleeps", "Times that the loop armed its kick and slept.", (ref readonly counters) => counters.Sleeps),
        ("stalls", "Times that a receiver without space stopped the ring.", (ref readonly counters) => counters.Stalls),
        ("violations",
            "Pointers of the guest outside their limits, and slots that it overwrote while they were not its own.",
            (ref readonly counters) => counters.Violations),
        ("missed", "Packets that found no free slot in the receive ring; each is a no_space at the ring that sent it.",
            (ref readonly counters) => counters.Missed),
        ("unread", "Packets that a guest left in its receive ring, and that the next one was not given.",
            (ref readonly counters) => counters.Drops.Of(DropReason.Unread)),
    ];

    private static readonly (string Name, string Help, string Type, Func<DeviceState, long> Read)[] Devices =
    [
        ("connected", "1 while a QEMU has the port's ptnet device.", "gauge", device => device.IsConnected ? 1 : 0),
        ("messages_total", "Messages of the clients of the port's devices.", "counter", device => device.Messages),
        ("kicks_total", "Kicks that came as messages.", "counter", device => device.Kicks),
        ("refusals_total", "What clients and their guests asked for and was refused.", "counter",
            device => device.Refusals),
    ];

    /// <summary>Writes everything.</summary>
    internal void Write(Inventory all)
    {
        foreach ((string name, string help, Reading read) in Families)
        {
            Head($"ptnet_ring_{name}_total", help, "counter");
            foreach (ServedPort port in all.Ports)
            {
                WriteRings(name, read, port, port.Port.TxRings);
                WriteRings(name, read, port, port.Port.RxRings);
            }
        }

        Head("ptnet_ring_dropped_packets_total",
            "Packets that went no further, at the ring that sent them, by reason.", "counter");
        foreach (ServedPort port in all.Ports)
        {
            WriteDrops(port, port.Port.TxRings);
            WriteDrops(port, port.Port is IHostPort ? port.Port.RxRings : []);
        }

        Head("ptnet_port_guest", "1 while a guest uses the port's rings.", "gauge");
        foreach (ServedPort port in all.Ports)
        {
            Text("ptnet_port_guest{port=\"");
            Label(port.Name);
            Value("\"", port.HasGuest ? 1 : 0);
        }

        foreach ((string name, string help, string type, Func<DeviceState, long> read) in Devices)
        {
            Head($"ptnet_device_{name}", help, type);
            foreach (ServedPort port in all.Ports)
            {
                WriteDevice(name, port, read);
            }
        }

        WriteHosts(all);
        WriteDomains(all);
        WriteWorkers(all);
        Head("ptnet_gc_collections_total", "Garbage collections of the daemon.", "counter");
        Text("ptnet_gc_collections_total");
        Number(GC.CollectionCount(0));
        Head("ptnet_gc_pause_nanoseconds_total", "Time for which garbage collections stopped the workers.", "counter");
        Text("ptnet_gc_pause_nanoseconds_total");
        Number((long)GC.GetTotalPauseDuration().TotalNanoseconds);
    }

    private void WriteDevice(string name, ServedPort port, Func<DeviceState, long> read)
    {
        if (port.Transport.Device is { } device)
        {
            Text("ptnet_device_");
            Text(name);
            Text("{port=\"");
            Label(port.Name);
            Value("\"", read(device));
        }
    }

    private void WriteRings(string name, Reading read, ServedPort port, Kring[] rings)
    {
        foreach (Kring ring in rings)
        {
            Text("ptnet_ring_");
            Text(name);
            Text("_total{");
            Labels(port, ring);
            Value("", read(in ring.Counters));
        }
    }

    private void WriteDrops(ServedPort port, Kring[] rings)
    {
        foreach (Kring ring in rings)
        {
            foreach (DropReason reason in DropNames.Reasons)
            {
                Text("ptnet_ring_dropped_packets_total{");
                Labels(port, ring);
                Text(",reason=\"");
                Text(DropNames.Of(reason));
                Value("\"", ring.Counters.Drops.Of(reason));
            }
        }
    }

    private void WriteDomains(Inventory all)
    {
        Head("ptnet_domain_free_buffers", "Buffers of the trust domain's region that no port has.", "gauge");
        foreach (TrustDomain domain in all.Domains)
        {
            Text("ptnet_domain_free_buffers{domain=\"");
            Label(domain.Name);
            Value("\"", domain.Region.BufferPool.Free);
        }

        Head("ptnet_domain_populated_bytes", "Bytes of the trust domain's region that take memory.", "gauge");
        foreach (TrustDomain domain in all.Domains)
        {
            Text("ptnet_domain_populated_bytes{domain=\"");
            Label(domain.Name);
            Value("\"", domain.Region.PopulatedBytes);
        }
    }

    private void WriteWorkers(Inventory all)
    {
        Head("ptnet_worker_wakeups_total", "Times that the worker was woken.", "counter");
        foreach (Worker worker in all.Workers.Workers)
        {
            WriteWorker("ptnet_worker_wakeups_total", worker, worker.WakeUps);
        }

        Head("ptnet_worker_cpu_nanoseconds_total", "CPU time of the worker.", "counter");
        foreach (Worker worker in all.Workers.Workers)
        {
            WriteWorker("ptnet_worker_cpu_nanoseconds_total", worker, worker.CpuNanoseconds);
        }
    }

    private void WriteWorker(string name, Worker worker, long value)
    {
        Text(name);
        Text("{worker=\"");
        Digits(worker.Index);
        Value("\"", value);
    }

    private void Head(string name, string help, string type)
    {
        Text("# HELP ");
        Text(name);
        Text(" ");
        Text(help);
        Text("\n# TYPE ");
        Text(name);
        Text(" ");
        Text(type);
        Text("\n");
    }

    private void Labels(ServedPort port, Kring ring)
    {
        Text("port=\"");
        Label(port.Name);
        Text("\",ring=\"");
        Digits(ring.Index);
        Text("\",direction=\"");
        Text(DropNames.Of(ring.Direction));
        Text("\"");
    }

    // Of files and trust domains names may be nearly anything. Whole runs, for half a surrogate has no bytes of its
    // own.
    private void Label(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny('\\', '"', '\n') is >= 0 and var special)
        {
            Text(text[..special]);
            Text(text[special] switch
            {
                '\\' => "\\\\",
                '"' => "\\\"",
                _ => "\\n",
            });
            text = text[(special + 1)..];
        }

        Text(text);
    }

    private void Value(string end, long value)
    {
        Text(end);
        Text("}");
        Number(value);
    }

    private void Number(long value)
    {
        Text(" ");
        Digits(value);
        Text("\n");
    }

    private void Digits(long value)
    {
        _ = Utf8Formatter.TryFormat(value, output.GetSpan(20), out int written);
        output.Advance(written);
    }

    private void Text(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);
}
