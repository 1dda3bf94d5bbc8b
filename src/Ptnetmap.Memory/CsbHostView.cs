using System.Runtime.CompilerServices;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>The host's side of one ring's CSB entries: it reads the application's half (<see cref="CsbAtok"/>) and
/// writes its own (<see cref="CsbKtoa"/>).
/// Safe while both 64-byte entries stay mapped: the view's maker holds the mapping as long as a loop uses the view.
/// Every value that is read here is the guest's: any value, at any time.</summary>
public readonly unsafe struct CsbHostView
{
    private readonly CsbAtok* _atok;
    private readonly CsbKtoa* _ktoa;

    /// <summary>Makes a view of two entries, which the caller keeps mapped.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is shorter than 64 bytes, or its words would cross cache
    /// lines.</exception>
    public CsbHostView(MappedRange atok, MappedRange ktoa)
    {
        _atok = (CsbAtok*)CsbMemory.EntryAt(atok);
        _ktoa = (CsbKtoa*)CsbMemory.EntryAt(ktoa);
    }

    /// <summary>Loads <c>head</c>; later loads (<c>cur</c>, slots) are not done before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadHeadAcquire() => Volatile.Read(ref _atok->Head);

    /// <summary>Loads <c>cur</c>; to be called after <see cref="ReadHeadAcquire"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadCurAcquire() => Volatile.Read(ref _atok->Cur);

    /// <summary>Loads <c>appl_need_kick</c>; meaningful only after a full fence behind the host's last
    /// publication.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadApplNeedKick() => Volatile.Read(ref _atok->NeedKick) != 0;

    /// <summary>Stores <c>hwcur</c>, then <c>hwtail</c> after it and after all slots written before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteHwCurHwTailRelease(uint hwcur, uint hwtail)
    {
        _ktoa->HwCur = hwcur;
        Volatile.Write(ref _ktoa->HwTail, hwtail);
    }

    /// <summary>Stores <c>kern_need_kick</c>, in order behind earlier stores but not before later loads: a full fence
    /// has to follow before the second look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteKernNeedKick(bool needed) => Volatile.Write(ref _ktoa->NeedKick, needed ? 1u : 0u);

    /// <summary>Sets the guest's own half, once, before the guest is told that the port runs.</summary>
    public void InitialiseApplication(uint head, uint cur)
    {
        _atok->Head = head;
        Volatile.Write(ref _atok->Cur, cur);
    }
}
