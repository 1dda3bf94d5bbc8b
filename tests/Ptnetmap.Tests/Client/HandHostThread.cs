using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Client;

/// <summary>A host on a thread of its own that loops everything back and sleeps: when there is nothing to do it looks a
/// few times, more or less at random, then asks for kicks. It signals only when it is asked to.</summary>
internal sealed class HandHostThread : IDisposable
{
    // A wait that a signal ended (the garbage collector sends them) is no lost kick; hence the look at the clock.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HandHost _host;
    private readonly Random _random = new(1);
    private readonly int _mostLooks;
    private readonly Thread _thread;
    private volatile bool _stop;

    internal HandHostThread(HandHost host, int mostLooks = 0)
    {
        _host = host;
        _mostLooks = mostLooks;
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
            bool moved = false;
            for (int looks = _random.Next(_mostLooks + 1); looks >= 0 && !moved; looks--)
            {
                moved = _host.LoopBack() != 0;
            }

            if (moved)
            {
                Notify();
                continue;
            }

            Arm(true);
            Interlocked.MemoryBarrier();
            if (Math.Min(_host.Pending, _host.RxFree) == 0)
            {
                Sleeps++;
                long start = Stopwatch.GetTimestamp();
                LostKick |= Poll.WaitAny(kicks, Patience) < 0 && Stopwatch.GetElapsedTime(start) >= Patience;
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
