using Ptnetmap.Linux;
using Ptnetmap.Linux.Pci;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.PciGuest.Interrupts;

/// <summary>INTx by uio_pci_generic: one interrupt for all rings. A thread of its own takes it, wakes whoever waits for
/// any ring, and lets the device raise the next one.</summary>
internal sealed class UioInterrupts : InterruptSource
{
    private readonly UioDevice _uio;
    private readonly FileDescriptor _config;
    private readonly Action _acknowledge;
    private readonly EventFd _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts to take interrupts.</summary>
    /// <param name="uio">The device's UIO node; taken over.</param>
    /// <param name="config">The device's config space; taken over.</param>
    /// <param name="acknowledge">Accesses a BAR, which is how QEMU learns that a level interrupt was noticed.</param>
    /// <param name="rings">How many.</param>
    internal UioInterrupts(UioDevice uio, FileDescriptor config, Action acknowledge, int rings)
        : base(rings)
    {
        _uio = uio;
        _config = config;
        _acknowledge = acknowledge;
        Release();
        _thread = LinuxThread.Start(new Thread(Run) { Name = "ptnet-intx", IsBackground = true });
    }

    internal override InterruptKind Kind => InterruptKind.Uio;

    public override void Dispose()
    {
        _stop.Signal();
        _thread.Join();
        _uio.Dispose();
        _config.Dispose();
        _stop.Dispose();
        base.Dispose();
    }

    private void Run()
    {
        ReadOnlySpan<int> sources = [_stop.Descriptor.Number, _uio.Descriptor.Number];
        while (Poll.WaitAny(sources, Timeout.InfiniteTimeSpan) is var ready && ready != 0)
        {
            if (ready < 0 || !_uio.TryConsume(out _))
            {
                continue;
            }

            // First the line goes down, then it may rise again: what came in between raises it anew. Whoever waits is
            // woken last and finds all that was published before.
            Release();
            foreach (EventFd one in Events)
            {
                one.Signal();
            }
        }
    }

    private void Release()
    {
        _acknowledge();
        PciFunction.UnmaskInterruptPin(_config);
    }
}
