using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Guest;

/// <summary>A host on a thread of its own that loops everything back, and sleeps as often as it can: it asks for kicks
/// whenever there is nothing to do, and signals only when it is asked to.</summary>
internal sealed class HandHostThread : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HandHost _host;
    private readonly Thread _thread;
    private volatile bool _stop;

    internal HandHostThread(HandHost host)
    {
        _host = host;
        _thread = new Thread(Run) { Name = "hand-host" };
        _thread.Start();
    }

    internal long Sleeps { get; private set; }

    internal bool LostKick { get; private set; }

    public void Dispose()
    {
        _stop = true;
        _host.Kicks[0].Signal();
        _thread.Join();
    }

    private void Run()
    {
        int[] kicks = [.. _host.Kicks.Select(kick => kick.Descriptor.Number)];
        while (!_stop)
        {
            if (_host.LoopBack() != 0)
            {
                Notify();
                continue;
            }

            Arm(true);
            Interlocked.MemoryBarrier();
            if (Math.Min(_host.Pending, _host.RxFree) == 0)
            {
                Sleeps++;
                LostKick |= Poll.WaitAny(kicks, Patience) < 0 && !_stop;
                _ = _host.Kicks[0].TryConsume();
                _ = _host.Kicks[1].TryConsume();
            }

            Arm(false);
        }
    }

    private void Arm(bool needed)
    {
        _host.TxCsb.WriteKernNeedKick(needed);
        _host.RxCsb.WriteKernNeedKick(needed);
    }

    private void Notify()
    {
        Interlocked.MemoryBarrier();
        if (_host.TxCsb.ReadApplNeedKick())
        {
            _host.Interrupts[0].Signal();
        }

        if (_host.RxCsb.ReadApplNeedKick())
        {
            _host.Interrupts[1].Signal();
        }
    }
}
