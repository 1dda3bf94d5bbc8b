using System.Buffers.Binary;
using System.Collections.Concurrent;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>The smallest outside there is: numbers in a queue, and an eventfd that is readable while any
/// wait.</summary>
internal sealed class QueueSource : RxSource, IDisposable
{
    private readonly ConcurrentQueue<uint> _waiting = new();
    private readonly EventFd _event = new();
    private volatile bool _gone;

    public override FileDescriptor Descriptor => _event.Descriptor;

    public override bool IsGone => _gone;

    internal int Waiting => _waiting.Count;

    /// <summary>Passes that have looked here.</summary>
    internal long Looks => Interlocked.Read(ref _looks);

    private long _looks;

    /// <summary>Times that nobody waited for it after somebody had.</summary>
    internal long Ignored => Interlocked.Read(ref _ignored);

    private long _ignored;

    /// <summary>Somebody waits for it.</summary>
    internal bool IsExpected { get; private set; }

    /// <summary>Called by a pass that takes a packet.</summary>
    internal Action Taking { get; set; } = () => { };

    public override void Expect() => IsExpected = true;

    public override void Ignore()
    {
        _ignored += IsExpected ? 1 : 0;
        IsExpected = false;
    }

    internal void Put(uint number)
    {
        _waiting.Enqueue(number);
        _event.Signal();
    }

    /// <summary>From now on it is readable for ever, as a deleted interface's descriptor is.</summary>
    internal void Go()
    {
        _gone = true;
        _event.Signal();
    }

    public override SyncStatus RxSync(Kring rx, uint budget)
    {
        Interlocked.Increment(ref _looks);
        for (uint moved = 0; moved < budget; moved++)
        {
            if (_waiting.IsEmpty && !_gone && !Settle())
            {
                return SyncStatus.Dry;
            }

            if (_waiting.IsEmpty)
            {
                return SyncStatus.Dry;
            }

            if (rx.Free == 0)
            {
                return SyncStatus.Blocked;
            }

            _ = _waiting.TryDequeue(out uint number);
            Taking();
            ref NetmapSlot slot = ref rx.Ring.Slots[(int)rx.Claimed];
            Span<byte> frame = rx.Buffers[slot.BufferIndex][..60];
            frame.Fill((byte)number);
            BinaryPrimitives.WriteUInt32LittleEndian(frame, number);
            slot.Length = 60;
            slot.Flags = SlotFlags.None;
            rx.Fill(1, 1);
            rx.Counters.Packets++;
        }

        return SyncStatus.More;
    }

    public void Dispose() => _event.Dispose();

    // Level-triggered, like a socket: not readable once it was seen empty, but what comes just then makes it so again.
    private bool Settle()
    {
        _ = _event.TryConsume();
        if (_waiting.IsEmpty)
        {
            return false;
        }

        _event.Signal();
        return true;
    }
}
