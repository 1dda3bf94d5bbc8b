using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;

namespace Ptnetmap.Lab.Guests;

/// <summary>Guests that are micro-VMs: machine code at the CPU's speed, with doorbells and exits of a real
/// VM.</summary>
/// <param name="spin">Pauses before they sleep; null: as usual.</param>
/// <param name="patience">How long they go on looking where their last wait was no longer.</param>
/// <param name="attach">Attaches a guest to a port, or finds that one is.</param>
public sealed class VmGuestFactory(int? spin, TimeSpan patience, Func<Port, GuestAttachment> attach) : IGuestFactory
{
    /// <inheritdoc/>
    public IBenchGuest CreateSender(Port port, SenderPart part) =>
        Create(new SenderProgram { Traffic = part.Traffic }, part.Name, part.Cpu, VmTimes.None, port);

    /// <inheritdoc/>
    public IBenchGuest CreateReceiver(Port port, ReceiverPart part)
    {
        var program = new ReceiverProgram { Verify = part.Options.Verify, Latency = part.Options.Latency };
        return Create(program, part.Name, part.Cpu, part.Options.Latency ? VmTimes.OneWay : VmTimes.None, port);
    }

    /// <inheritdoc/>
    public IBenchGuest CreateForwarder(Port from, Port to, string name, int? cpu) =>
        Create(new ForwarderProgram(), name, cpu, VmTimes.None, from, to);

    /// <inheritdoc/>
    public IBenchGuest CreateEcho(Port port, string name, int? cpu) =>
        Create(new EchoProgram(), name, cpu, VmTimes.None, port);

    /// <inheritdoc/>
    public IBenchGuest CreatePing(Port port, SenderPart part) =>
        Create(new PingProgram { Traffic = part.Traffic }, part.Name, part.Cpu, VmTimes.RoundTrips, port);

    private VmGuest Create(
        MicroVmProgram program, string name, int? cpu, VmTimes times, params Port[] ports) => new(
        new MicroVmOptions
        {
            Name = name,
            Program = Configure(program),
            Ports = [.. ports.Select(attach)],
            Cpu = cpu,
        },
        times);

    private MicroVmProgram Configure(MicroVmProgram program) => program with
    {
        SpinPauses = spin ?? program.SpinPauses,
        Patience = patience,
    };
}
