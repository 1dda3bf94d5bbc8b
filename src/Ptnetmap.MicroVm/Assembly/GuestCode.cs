using Ptnetmap.MicroVm.Image;
using Ptnetmap.MicroVm.Programs;

namespace Ptnetmap.MicroVm.Assembly;

/// <summary>Makes machine code of what a guest is to do.</summary>
internal static class GuestCode
{
    /// <summary>Writes a program's parameters and code into <paramref name="image"/>.</summary>
    /// <exception cref="ArgumentException">The program cannot be, or its code is too long.</exception>
    internal static void Write(MicroVmProgram program, GuestImage image)
    {
        byte[] code = EmitterOf(program, image).Assemble();
        if (code.Length > GuestMap.CodeSize)
        {
            throw new ArgumentException(
                $"{program.GetType().Name}: {code.Length} bytes of code, at most {GuestMap.CodeSize}");
        }

        code.CopyTo(image.Memory.Bytes(GuestMap.Code));
    }

    private static Emitter EmitterOf(MicroVmProgram program, GuestImage image) => program switch
    {
        SenderProgram sender => new SenderEmitter(image, sender),
        ReceiverProgram receiver => new ReceiverEmitter(image, receiver),
        PingProgram ping => new PingEmitter(image, ping),
        ProbeProgram probe => new ProbeEmitter(image, probe),
        ScribblerProgram scribbler => new ScribblerEmitter(image, scribbler),
        EchoProgram echo =>
            new FlowEmitter(image, echo, echo.Burst, Flow.Between(image, 0, 0), swapAddresses: true),
        ForwarderProgram forwarder => new FlowEmitter(
            image, forwarder, forwarder.Burst,
            forwarder.BothWays
                ? Flow.Between(image, 0, 1).Concat(Flow.Between(image, 1, 0))
                : Flow.Between(image, 0, 1),
            swapAddresses: false),
        _ => throw new ArgumentException($"{program.GetType().Name} has no code"),
    };
}
