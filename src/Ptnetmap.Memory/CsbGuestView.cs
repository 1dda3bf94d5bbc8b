using System.Runtime.CompilerServices;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>The guest's side of one ring's CSB entries: it writes the application's half and reads the kernel's. The
/// mirror image of <see cref="CsbHostView"/>, safe under the same condition.</summary>
public readonly unsafe struct CsbGuestView
{
    private readonly CsbAtok* _atok;
    private readonly CsbKtoa* _ktoa;

    /// <summary>Makes a view of two entries, which the caller keeps mapped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is shorter than 64 bytes, or its words would cross cache
    /// lines.</exception>
    public CsbGuestView(MappedRange atok, MappedRange ktoa)
    {
        _atok = (CsbAtok*)CsbMemory.EntryAt(atok);
        _ktoa = (CsbKtoa*)CsbMemory.EntryAt(ktoa);
    }

    /// <summary>Stores <c>cur</c>, then <c>head</c> after it and after all slots written before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteCurHeadRelease(uint cur, uint head)
    {
        _atok->Cur = cur;
        Volatile.Write(ref _atok->Head, head);
    }

    /// <summary>Stores <c>appl_need_kick</c>; a full fence has to follow before the second look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteApplNeedKick(bool needed) => Volatile.Write(ref _atok->NeedKick, needed ? 1u : 0u);

    /// <summary>Loads <c>hwtail</c>; later loads (<c>hwcur</c>, slots) are not done before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadHwTailAcquire() => Volatile.Read(ref _ktoa->HwTail);

    /// <summary>Loads <c>hwcur</c>; to be called after <see cref="ReadHwTailAcquire"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadHwCurAcquire() => Volatile.Read(ref _ktoa->HwCur);

    /// <summary>Loads <c>kern_need_kick</c>; meaningful only after a full fence behind the guest's last
    /// publication.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadKernNeedKick() => Volatile.Read(ref _ktoa->NeedKick) != 0;

    /// <summary>Loads the guest's own <c>head</c>: what the host set before the port started.</summary>
    public uint ReadOwnHead() => Volatile.Read(ref _atok->Head);

    /// <summary>Loads the guest's own <c>cur</c>.</summary>
    public uint ReadOwnCur() => Volatile.Read(ref _atok->Cur);
}
