using System.Runtime.CompilerServices;

namespace Ptnetmap.Memory;

/// <summary>The host's side of one ring's CSB entries: it reads the application's half (<c>struct nm_csb_atok</c>) and
/// writes its own (<c>struct nm_csb_ktoa</c>).
/// <code>
/// atok  0 head  4 cur  8 appl_need_kick 12 sync_flags      ktoa  0 hwcur  4 hwtail  8 kern_need_kick
/// </code>
/// Safe while both 64-byte entries stay mapped: the view's maker holds the mapping as long as a loop uses the view.
/// Every value that is read here is the guest's: any value, at any time.</summary>
public readonly unsafe struct CsbHostView
{
    private readonly uint* _atok;
    private readonly uint* _ktoa;

    /// <summary>Makes a view of the two 64-byte entries at these addresses, which the caller keeps mapped.</summary>
    public CsbHostView(nint atok, nint ktoa)
    {
        _atok = (uint*)atok;
        _ktoa = (uint*)ktoa;
    }

    /// <summary>Loads <c>head</c>; later loads (<c>cur</c>, slots) are not done before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadHeadAcquire() => Volatile.Read(ref _atok[0]);

    /// <summary>Loads <c>cur</c>; to be called after <see cref="ReadHeadAcquire"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadCurAcquire() => Volatile.Read(ref _atok[1]);

    /// <summary>Loads <c>appl_need_kick</c>; meaningful only after a full fence behind the host's last publication.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadApplNeedKick() => Volatile.Read(ref _atok[2]) != 0;

    /// <summary>Loads <c>sync_flags</c> (<c>NAF_*</c>).</summary>
    public uint ReadSyncFlags() => Volatile.Read(ref _atok[3]);

    /// <summary>Stores <c>hwcur</c>, then <c>hwtail</c> after it and after all slots written before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteHwCurHwTailRelease(uint hwcur, uint hwtail)
    {
        _ktoa[0] = hwcur;
        Volatile.Write(ref _ktoa[1], hwtail);
    }

    /// <summary>Stores <c>kern_need_kick</c>, in order behind earlier stores but not before later loads: a full fence
    /// has to follow before the second look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteKernNeedKick(bool needed) => Volatile.Write(ref _ktoa[2], needed ? 1u : 0u);

    /// <summary>Sets the guest's own half, once, before the guest is told that the port runs.</summary>
    public void InitialiseApplication(uint head, uint cur)
    {
        _atok[0] = head;
        Volatile.Write(ref _atok[1], cur);
    }
}
