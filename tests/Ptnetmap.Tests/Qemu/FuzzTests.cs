using CsCheck;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>Random and mutated sessions: whatever a client sends, nothing but the session's end comes of it, and the
/// next client finds the device as new. PTNET_FUZZ_ITERATIONS sets how many, PTNET_FUZZ_SECONDS for how long
/// instead.</summary>
[Collection(AloneCollection.Name)]
public class FuzzTests
{
    // Sessions until everything that is made once is there.
    private const long WarmUp = 20;
    private const long ManagedSlack = 32 << 20;

    private static readonly long Iterations = Setting("PTNET_FUZZ_ITERATIONS", 400);
    private static readonly int Seconds = (int)Setting("PTNET_FUZZ_SECONDS", -1);

    private static readonly Command[] Commands = Enum.GetValues<Command>();

    private static readonly Gen<uint> Word = Gen.Frequency(
        (4, Gen.UInt[0, 300]),
        (2, Choose(0x1000u, 0x4000u, 0x9000u, 0x10_0000u, 0x10_4000u, 0x10_9000u, 0x21u, 0x24u, uint.MaxValue)),
        (1, Gen.UInt));

    // The numbers that a client can choose, in place of any field.
    private static readonly Gen<byte[]> Payload =
        Gen.Select(Word.Array[0, 10], Gen.Byte.Array[0, 9],
            (words, rest) => (byte[])[.. words.SelectMany(BitConverter.GetBytes), .. rest]);

    private static readonly Gen<(Command, byte[], int, uint)> Step = Gen.Select(
        Gen.Frequency((8, Choose(Commands)), (1, Gen.UShort.Select(number => (Command)number))),
        Gen.Frequency((2, Payload), (3, Gen.OneOf(Sound()))),
        Gen.Int[0, 2],
        Choose(0u, 0u, 0u, 0x10u, 0x1u, 0x20u));

    [Fact]
    public void No_sequence_of_messages_harms_the_device()
    {
        using var bed = new QemuBed();
        using var ram = new GuestRam();
        using var vector = new EventFd();
        LeavesNothingBehind(Step.Array[1, 40], steps => Play(bed, ram, vector, steps));
    }

    [Fact]
    public void No_bytes_harm_the_device()
    {
        using var bed = new QemuBed();
        LeavesNothingBehind(
            Gen.Byte.Array[1, 400],
            bytes =>
            {
                using var client = new HandClient(bed.Ptnet, negotiate: bytes[0] < 128);
                _ = client.Stream.TrySend(bytes);
                while (client.ServerStream.Waiting != 0 && client.Session.Pump() != SessionState.Ended)
                {
                }

                client.Session.Dispose();
                return !bed.Ptnet.IsConnected;
            });
    }

    private static long Setting(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), out long value) ? value : otherwise;

    private static void LeavesNothingBehind<T>(Gen<T> sessions, Func<T, bool> play)
    {
        long executions = 0;
        bool Counted(T session)
        {
            executions++;
            return play(session);
        }

        sessions.Sample(Counted, iter: WarmUp, threads: 1);
        ProcessHoldings before = ProcessHoldings.Count();
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        sessions.Sample(Counted, iter: Seconds > 0 ? -1 : Iterations, time: Seconds, threads: 1);
        ProcessHoldings after = ProcessHoldings.Count();
        long grown = GC.GetTotalMemory(forceFullCollection: true) - managed;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{executions} sessions; held before {before}, after {after}; heap {grown:+0;-0} bytes");

        // Fewer when what other tests have left behind is closed meanwhile.
        Assert.InRange(after.Files, 0, before.Files);
        Assert.InRange(after.Mappings, 0, before.Mappings);
        Assert.InRange(grown, long.MinValue, ManagedSlack);
    }

    private static bool Play(QemuBed bed, GuestRam ram, EventFd vector,
        (Command Command, byte[] Payload, int Files, uint Flags)[] steps)
    {
        using (var client = new HandClient(bed.Ptnet))
        {
            foreach ((Command command, byte[] payload, int files, uint flags) in steps)
            {
                FileDescriptor file = command == Command.DmaMap ? ram.File : vector.Descriptor;
                FileDescriptor[] descriptors = [.. Enumerable.Repeat(file, files)];
                SessionState state = client.Post(client.Message(command, payload, (MessageFlags)flags), descriptors);
                if (state == SessionState.Ended)
                {
                    break;
                }

                while (client.TakeReply() is { } reply)
                {
                    Array.ForEach(reply.Descriptors, descriptor => descriptor.Dispose());
                }
            }
        }

        using var next = new HandClient(bed.Ptnet);
        return !bed.Ptnet.IsRunning && next.Register(48) == 7 && next.Register(56) == 0 && !bed.Ptnet.IsRunning;
    }

    private static Gen<T> Choose<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    // Payloads of a real session, whole: the random ones seldom get far.
    private static IGen<byte[]>[] Sound()
    {
        static Gen<byte[]> Write(uint register, uint value) => Gen.Const(HandClient.Bytes(
            new RegionAccess { Offset = register, Count = 4 }, BitConverter.GetBytes(value)));
        return
        [
            Gen.Const(HandClient.Bytes(
                new DmaMapRequest { ArgumentSize = 32, Flags = 3, Address = GuestRam.Base, Length = GuestRam.Size })),
            Gen.Const(HandClient.Bytes(
                new DmaUnmapRequest { ArgumentSize = 24, Address = GuestRam.Base, Length = GuestRam.Size })),
            Gen.Const(
                HandClient.Bytes(new IrqSet { ArgumentSize = 20, Flags = 0x24, Index = IrqIndex.Msix, Count = 1 })),
            Gen.Const(
                HandClient.Bytes(new IrqSet { ArgumentSize = 20, Flags = 0x24, Index = IrqIndex.Intx, Count = 1 })),
            Write(56, (uint)GuestRam.AtokAt), Write(64, (uint)GuestRam.KtoaAt), Write(64, 0), Write(4, 1), Write(4, 2),
            Write(120, 1), Write(128, 1), Write(132, 1),
            Gen.Select(Word, Word, (offset, value) => HandClient.Bytes(
                new RegionAccess { Offset = offset, Count = 4 }, BitConverter.GetBytes(value))),
        ];
    }
}
