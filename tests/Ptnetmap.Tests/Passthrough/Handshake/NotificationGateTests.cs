using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Passthrough.Handshake;

/// <summary>Walks every interleaving of the two sides of <see cref="NotificationGate"/>, the real code, with stores
/// that may be delayed past later loads as x86 allows.</summary>
public sealed class NotificationGateTests
{
    private const int Pointer = 0;
    private const int Flag = 1;
    private const int Sleeper = 0;
    private const int Publisher = 1;

    [Fact]
    public void No_interleaving_loses_a_wake_up()
    {
        Census census = Explore(sleeperFences: true, publisherFences: true);
        Assert.Equal(0, census.LostWakeUps);
        Assert.True(census.Slept > 0 && census.SawNews > 0 && census.Signalled > 0 && census.Spared > 0, $"{census}");
        Assert.True(census.Paths > 20, $"{census}");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void A_removed_fence_is_caught(bool sleeperFences, bool publisherFences) =>
        Assert.True(Explore(sleeperFences, publisherFences).LostWakeUps > 0);

    [Fact]
    public void The_flag_is_down_again_when_there_was_news()
    {
        Census census = Explore(sleeperFences: true, publisherFences: true);
        Assert.Equal(0, census.FlagLeftUp);
    }

    private static Census Explore(bool sleeperFences, bool publisherFences)
    {
        var census = new Census();
        var open = new Stack<int[]>();
        open.Push([]);
        while (open.TryPop(out int[]? path))
        {
            Walk(path, sleeperFences, publisherFences, open, census);
        }

        return census;
    }

    // Follows one path of choices to its end and leaves every choice that it did not take on the stack.
    private static void Walk(int[] path, bool sleeperFences, bool publisherFences, Stack<int[]> open, Census census)
    {
        var machine = new StoreBufferMachine();
        ReplayedSide[] sides =
        [
            new ReplayedSide(side => Sleep(side, sleeperFences)),
            new ReplayedSide(side => Publish(side, publisherFences)),
        ];
        var taken = new List<int>();
        sides[Sleeper].FindNext();
        sides[Publisher].FindNext();
        while (true)
        {
            List<int> choices = Choices(machine, sides);
            if (choices.Count == 0)
            {
                census.Count(sides[Sleeper].Outcome!.Value, sides[Publisher].Outcome!.Value, FlagInMemory(machine));
                return;
            }

            int choice = taken.Count < path.Length ? path[taken.Count] : choices[0];
            for (int i = 1; taken.Count >= path.Length && i < choices.Count; i++)
            {
                open.Push([.. taken, choices[i]]);
            }

            taken.Add(choice);
            Step(machine, sides, choice);
        }
    }

    private static int FlagInMemory(StoreBufferMachine machine) =>
        machine.Execute(Sleeper, new MemoryAccess(AccessKind.Load, Flag));

    // 0, 1: the processor makes its next access. 2, 3: the oldest store in its buffer reaches memory.
    private static List<int> Choices(StoreBufferMachine machine, ReplayedSide[] sides)
    {
        var choices = new List<int>();
        for (int processor = 0; processor < 2; processor++)
        {
            if (sides[processor].Outcome is null && machine.CanExecute(processor, sides[processor].Next))
            {
                choices.Add(processor);
            }

            if (machine.CanDrain(processor))
            {
                choices.Add(2 + processor);
            }
        }

        return choices;
    }

    private static void Step(StoreBufferMachine machine, ReplayedSide[] sides, int choice)
    {
        if (choice >= 2)
        {
            machine.Drain(choice - 2);
            return;
        }

        ReplayedSide side = sides[choice];
        side.Complete(machine.Execute(choice, side.Next));
        side.FindNext();
    }

    private static bool Sleep(ReplayedSide side, bool fences)
    {
        var model = new ModelSleeper(side, fences);
        return NotificationGate.TryArm(ref model);
    }

    private static bool Publish(ReplayedSide side, bool fences)
    {
        _ = side.Access(new MemoryAccess(AccessKind.Store, Pointer, 1));
        var model = new ModelPublisher(side, fences);
        return NotificationGate.MustSignal(ref model);
    }

    private readonly struct ModelSleeper(ReplayedSide side, bool fences) : ISleepingSide
    {
        public void WriteNeedKick(bool needed) =>
            _ = side.Access(new MemoryAccess(AccessKind.Store, Flag, needed ? 1 : 0));

        public void Fence() => _ = fences ? side.Access(new MemoryAccess(AccessKind.Fence)) : 0;

        public bool HasNews() => side.Access(new MemoryAccess(AccessKind.Load, Pointer)) != 0;
    }

    private readonly struct ModelPublisher(ReplayedSide side, bool fences) : IPublishingSide
    {
        public void Fence() => _ = fences ? side.Access(new MemoryAccess(AccessKind.Fence)) : 0;

        public bool ReadNeedKick() => side.Access(new MemoryAccess(AccessKind.Load, Flag)) != 0;
    }

    private sealed record Census
    {
        public int Paths { get; private set; }

        public int Slept { get; private set; }

        public int SawNews { get; private set; }

        public int Signalled { get; private set; }

        public int Spared { get; private set; }

        public int LostWakeUps { get; private set; }

        public int FlagLeftUp { get; private set; }

        internal void Count(bool slept, bool signalled, int flag)
        {
            Paths++;
            Slept += slept ? 1 : 0;
            SawNews += slept ? 0 : 1;
            Signalled += signalled ? 1 : 0;
            Spared += signalled ? 0 : 1;
            LostWakeUps += slept && !signalled ? 1 : 0;
            FlagLeftUp += !slept && flag != 0 ? 1 : 0;
        }
    }
}
