using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Lab.Guests;

/// <summary>Guests that are micro-VMs: machine code at the CPU's speed, with doorbells and exits of a real VM.</summary>
public sealed class VmGuestFactory(int? spin) : IGuestFactory
{
    /// <inheritdoc/>
    public IBenchGuest CreateSender(GuestAttachment attachment, SenderPart part) =>
        Create(new SenderProgram { Traffic = part.Traffic }, part.Name, part.Cpu, VmTimes.None, attachment);

    /// <inheritdoc/>
    public IBenchGuest CreateReceiver(GuestAttachment attachment, ReceiverPart part)
    {
        var program = new ReceiverProgram { Verify = part.Options.Verify, Latency = part.Options.Latency };
        return Create(program, part.Name, part.Cpu, part.Options.Latency ? VmTimes.OneWay : VmTimes.None, attachment);
    }

    /// <inheritdoc/>
    public IBenchGuest CreateForwarder(GuestAttachment from, GuestAttachment to, string name, int? cpu) =>
        Create(new ForwarderProgram(), name, cpu, VmTimes.None, from, to);

    /// <inheritdoc/>
    public IBenchGuest CreateEcho(GuestAttachment attachment, string name, int? cpu) =>
        Create(new EchoProgram(), name, cpu, VmTimes.None, attachment);

    /// <inheritdoc/>
    public IBenchGuest CreatePing(GuestAttachment attachment, SenderPart part)
    {
        var program = new PingProgram { Traffic = part.Traffic with { Patience = PingProgram.UsualPatience } };
        return Create(program, part.Name, part.Cpu, VmTimes.RoundTrips, attachment);
    }

    private VmGuest Create(
        MicroVmProgram program, string name, int? cpu, VmTimes times, params GuestAttachment[] attachments) => new(
        new MicroVmOptions
        {
            Name = name,
            Program = spin is { } pauses ? program with { SpinPauses = pauses } : program,
            Ports = attachments,
            Cpu = cpu,
        },
        times);
}
