using Ptnetmap.Linux;
using Ptnetmap.Linux.Kvm;
using Ptnetmap.MicroVm.Assembly;
using Ptnetmap.MicroVm.Image;

namespace Ptnetmap.MicroVm;

/// <summary>A very small virtual machine: one vCPU on a thread of its own, the guest's program as machine code, and
/// ports passed through: their regions and CSBs are mapped, a kick is a port write that hits an ioeventfd, and sleeping
/// is an exit on which the thread waits for the interrupts. No firmware, no kernel, no devices.</summary>
public sealed class MicroVirtualMachine : IDisposable
{
    /// <summary>The most rings of all ports of one machine.</summary>
    public const int MaxRings = Poll.MaxDescriptors - 1;

    private static readonly TimeSpan SignalInterval = TimeSpan.FromMilliseconds(20);

    private readonly KvmSystem _system;
    private readonly KvmMachine _machine;
    private readonly KvmVcpu _vcpu;
    private readonly GuestImage _image;
    private readonly VcpuLoop _loop;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _started = new();
    private volatile int _threadId;
    private volatile MicroVmState _state;
    private volatile string? _reason;
    private bool _isStarted;
    private bool _disposed;

    private MicroVirtualMachine(MicroVmOptions options)
    {
        Options = options;
        using var parts = new Disposables();
        _system = parts.Add(KvmSystem.Open());
        _machine = parts.Add(_system.CreateMachine());
        _vcpu = parts.Add(_machine.CreateVcpu());
        _image = parts.Add(GuestImage.Build(options.Name, options.Ports, options.Program.MapsUpTo, _vcpu.TscKilohertz));
        GuestCode.Write(options.Program, _image);
        _loop = parts.Add(new VcpuLoop(options, _image, _vcpu));
        foreach (GuestArea area in _image.Areas)
        {
            _machine.AddMemory(area.Address, area.Memory);
        }

        int ring = 0;
        foreach (EventFd kick in options.Ports.SelectMany(port => port.Kicks))
        {
            _machine.AddDoorbell(GuestImage.KickPort(ring++), kick);
        }

        _vcpu.Reset(new KvmEntryState(
            _image.Memory.PageTables.Root, GuestMap.TaskState, GuestMap.Code, GuestMap.StackTop));
        _thread = new Thread(RunVcpu) { Name = $"vcpu-{options.Name}", IsBackground = true };
        parts.Keep();
    }

    /// <summary>What it was made of.</summary>
    public MicroVmOptions Options { get; }

    /// <summary>What became of it.</summary>
    public MicroVmState State => _state;

    /// <summary>Why it crashed; null when it did not.</summary>
    public string? Reason => _reason;

    /// <summary>Loads from addresses where the guest has no memory, so far (a probe's).</summary>
    public long HolesTouched => _loop.Holes;

    /// <summary>Frequency of the guest's time-stamp counter in kHz; 0 when KVM does not say.</summary>
    public int TscKilohertz => _image.TscKilohertz;

    /// <summary>True when the guest's time-stamp counter is the host's, so that two guests' stamps can be
    /// compared.</summary>
    public bool HasHostTsc => _vcpu.HasHostTsc;

    /// <summary>CPU time of the vCPU's thread in nanoseconds; known when the machine has ended.</summary>
    public long CpuNanoseconds { get; private set; }

    /// <summary>Bytes that the vCPU's thread allocated while the guest ran; known when the machine has ended.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>What the guest has counted so far; it keeps running.</summary>
    public MicroVmCounters Counters => GuestReader.Counters(_image.Memory);

    /// <summary>The guest's running time in TSC ticks; 0 until its program has come to an end.</summary>
    public long GuestTicks => GuestReader.Ticks(_image.Memory);

    /// <summary>Makes a machine and starts its guest.</summary>
    /// <exception cref="LinuxException">KVM is not there or refused; the message says what helps.</exception>
    /// <exception cref="ArgumentException">The program and the ports do not go together.</exception>
    public static MicroVirtualMachine Start(MicroVmOptions options)
    {
        if (options.Ports.Count < options.Program.MinPorts)
        {
            throw new ArgumentException(
                $"machine {options.Name}: {options.Program.GetType().Name} needs {options.Program.MinPorts} ports",
                nameof(options));
        }

        int rings = options.Ports.Sum(port => port.Shape.Rings);
        if (rings > MaxRings)
        {
            throw new ArgumentException($"machine {options.Name}: {rings} rings, at most {MaxRings}", nameof(options));
        }

        var machine = new MicroVirtualMachine(options);
        try
        {
            _ = LinuxThread.Start(machine._thread);
            machine._isStarted = true;
        }
        catch
        {
            machine.Dispose();
            throw;
        }

        machine._started.Wait();
        return machine;
    }

    /// <summary>Copies the guest's histogram (receiver with latency, ping), in TSC ticks, in the shape of
    /// <c>LatencyHistogram</c>.</summary>
    /// <param name="buckets">As many as wanted, from the first on.</param>
    public void ReadHistogram(Span<long> buckets) => GuestReader.Histogram(_image.Memory, buckets);

    /// <summary>Waits until the machine has ended by itself.</summary>
    /// <returns>False when the time ran out.</returns>
    public bool Wait(TimeSpan timeout) => _thread.Join(timeout);

    /// <summary>Asks the guest to come to its end; takes it out by force when it does not within
    /// <paramref name="grace"/>.</summary>
    public void Stop(TimeSpan grace)
    {
        if (!_isStarted)
        {
            return;
        }

        Volatile.Write(ref _image.Memory.Control(ControlBlock.Stop), 1);
        _loop.WakeToStop();
        if (_thread.Join(grace))
        {
            return;
        }

        _loop.Force();
        do
        {
            VcpuSignal.Send(_threadId);
        }
        while (!_thread.Join(SignalInterval));
    }

    /// <summary>Stops the machine and gives everything back. The ports stay their owner's.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Stop(TimeSpan.FromMilliseconds(200));
        _vcpu.Dispose();
        _machine.Dispose();
        _system.Dispose();
        _loop.Dispose();
        _image.Dispose();
        _started.Dispose();
    }

    private void RunVcpu()
    {
        _threadId = LinuxThread.Id;
        VcpuSignal.BlockInThisThread();
        MicroVmState end = MicroVmState.Crashed;
        try
        {
            if (Options.Cpu is { } cpu)
            {
                LinuxThread.Pin(cpu);
            }

            _vcpu.UnblockSignalWhileRunning();
            _loop.WarmUp();
            _started.Set();
            long before = GC.GetAllocatedBytesForCurrentThread();
            end = _loop.Run();
            AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
            _reason = end == MicroVmState.Crashed ? _loop.Describe() : null;
        }
#pragma warning disable CA1031 // The machine's owner asks for its state; a thread's exception would end the process.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _reason = failure.Message;
        }
        finally
        {
            CpuNanoseconds = LinuxThread.CpuNanoseconds;
            _state = end;
            _started.Set();
        }
    }
}
