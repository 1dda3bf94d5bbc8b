using Ptnetmap.Linux;
using Ptnetmap.Linux.Kvm;
using Ptnetmap.MicroVm.Image;

namespace Ptnetmap.MicroVm;

/// <summary>Runs a vCPU on the calling thread and answers its exits. Nothing is allocated and nothing thrown while the
/// guest runs.</summary>
internal sealed class VcpuLoop : IDisposable
{
    private const long LongestWaitMilliseconds = 60_000;

    private readonly GuestMemory _memory;
    private readonly KvmVcpu _vcpu;
    private readonly bool _toleratesHoles;
    private readonly EventFd[] _interrupts;
    private readonly Action[] _assists;
    private readonly int[] _waiting;
    private readonly int[] _waitingRings;
    private readonly EventFd _stop = new();
    private readonly long _kilohertz;
    private ulong _waitingMask;
    private int _waitingCount;
    private volatile bool _forced;

    internal VcpuLoop(MicroVmOptions options, GuestImage image, KvmVcpu vcpu)
    {
        _memory = image.Memory;
        _vcpu = vcpu;
        _toleratesHoles = options.Program.TouchesHoles;
        _interrupts = [.. options.Ports.SelectMany(port => port.Interrupts)];
        _assists = [.. options.Ports.Select(port => (Action)port.Assist)];
        _waiting = new int[_interrupts.Length + 1];
        _waitingRings = new int[_interrupts.Length + 1];
        _kilohertz = Math.Max(1, image.TscKilohertz);
        ChooseInterrupts(0);
    }

    /// <summary>Loads from addresses without memory so far.</summary>
    internal long Holes { get; private set; }

    internal KvmExitReason LastExit { get; private set; }

    /// <summary>Ends a wait that is under way or comes next. To be called after the guest was asked to stop.</summary>
    internal void WakeToStop() => _stop.Signal();

    /// <summary>Makes the loop end at its next exit, whatever the guest wants.</summary>
    internal void Force() => _forced = true;

    /// <summary>Does once, for nothing, what a sleep does: whatever .NET makes at a thread's first call is made then,
    /// and not while the guest runs.</summary>
    internal void WarmUp()
    {
        Assist();
        _ = Poll.WaitAny(_waiting.AsSpan(0, _waitingCount), TimeSpan.Zero);
        _ = VcpuSignal.TryConsume();
    }

    /// <summary>Runs the guest to its end.</summary>
    internal MicroVmState Run()
    {
        while (!_forced)
        {
            LastExit = _vcpu.Run();
            switch (LastExit)
            {
                case KvmExitReason.Io when _vcpu.IoIsWrite && _vcpu.IoPort == GuestMap.SleepPort:
                    Sleep();
                    break;
                case KvmExitReason.Io when _vcpu.IoIsWrite && _vcpu.IoPort == GuestMap.AssistPort:
                    Assist();
                    break;
                case KvmExitReason.Io when _vcpu.IoIsWrite && _vcpu.IoPort == GuestMap.ExitPort:
                    return MicroVmState.Finished;
                case KvmExitReason.Interrupted or KvmExitReason.Signal:
                    _ = VcpuSignal.TryConsume();
                    break;
                case KvmExitReason.Mmio when _toleratesHoles && !_vcpu.MmioIsWrite:
                    Holes++;
                    _vcpu.AnswerMmioWithOnes();
                    break;
                default:
                    return MicroVmState.Crashed;
            }
        }

        return MicroVmState.Stopped;
    }

    internal string Describe() => LastExit switch
    {
        KvmExitReason.Io => $"access to port 0x{_vcpu.IoPort:x}, where nothing is",
        KvmExitReason.Mmio => $"access to address 0x{_vcpu.MmioAddress:x}, where nothing is",
        KvmExitReason.Shutdown => "triple fault",
        KvmExitReason.Failed => $"KVM_RUN failed (errno {_vcpu.LastErrno})",
        _ => $"exit {LastExit} (detail 0x{_vcpu.FailureDetail:x})",
    };

    public void Dispose() => _stop.Dispose();

    // The host's pending work is done here, on the thread that has nothing else to do, before anybody is woken for it.
    private void Sleep()
    {
        Assist();

        ulong mask = _memory.Control(ControlBlock.SleepMask);
        if (mask != _waitingMask)
        {
            ChooseInterrupts(mask);
        }

        TimeSpan limit = Duration(_memory.Control(ControlBlock.SleepTicks));
        int ready = Poll.WaitAny(_waiting.AsSpan(0, _waitingCount), limit);
        if (ready >= 0 && ready < _waitingCount - 1)
        {
            _ = _interrupts[_waitingRings[ready]].TryConsume();
        }
    }

    private void Assist()
    {
        foreach (Action assist in _assists)
        {
            assist();
        }
    }

    // The stop signal is always among them and stays readable once it is there: a stopped machine does not wait.
    private void ChooseInterrupts(ulong mask)
    {
        int count = 0;
        for (int ring = 0; ring < _interrupts.Length; ring++)
        {
            if ((mask & (1UL << ring)) != 0)
            {
                _waitingRings[count] = ring;
                _waiting[count++] = _interrupts[ring].Descriptor.Number;
            }
        }

        _waiting[count++] = _stop.Descriptor.Number;
        _waitingMask = mask;
        _waitingCount = count;
    }

    // The guest writes the number: anything may stand there.
    private TimeSpan Duration(ulong ticks)
    {
        if (ticks == 0)
        {
            return Timeout.InfiniteTimeSpan;
        }

        long bounded = (long)Math.Min(ticks, (ulong)(LongestWaitMilliseconds * _kilohertz));
        return TimeSpan.FromTicks(bounded * TimeSpan.TicksPerMillisecond / _kilohertz);
    }
}
