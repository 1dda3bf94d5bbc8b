using System.Diagnostics;

namespace Ptnetmap.Ports.Rings;

/// <summary>A lock for a few dozen instructions. Spins briefly, then gives the core to the holder: on a machine with
/// more threads than cores the holder may not be running.</summary>
public struct RingLock
{
    private const int SpinsBeforeYield = 64;
    private int _held;

    /// <summary>True while somebody has it: for assertions.</summary>
    public readonly bool IsHeld => _held != 0;

    /// <summary>Takes it.</summary>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref _held, 1, 0) != 0)
        {
            Wait();
        }
    }

    /// <summary>Gives it back.</summary>
    public void Exit()
    {
        Debug.Assert(IsHeld, "who gives the lock back has it");
        Volatile.Write(ref _held, 0);
    }

    private void Wait()
    {
        int spins = 0;
        do
        {
            if (++spins % SpinsBeforeYield == 0)
            {
                Thread.Yield();
            }
            else
            {
                Thread.SpinWait(1);
            }
        }
        while (Volatile.Read(ref _held) != 0 || Interlocked.CompareExchange(ref _held, 1, 0) != 0);
    }
}
