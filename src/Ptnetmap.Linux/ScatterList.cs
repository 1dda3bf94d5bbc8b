using System.Runtime.CompilerServices;

namespace Ptnetmap.Linux;

/// <summary>Pieces of memory that one <c>readv</c> fills or one <c>writev</c> sends, in order. Safe when every piece
/// lies outside the managed heap (so that it does not move) and stays mapped until <see cref="Clear"/>: buffers of a
/// memory region do.</summary>
public sealed unsafe class ScatterList
{
    private readonly IoVector[] _pieces;

    /// <summary>Makes room for <paramref name="capacity"/> pieces.</summary>
    public ScatterList(int capacity) => _pieces = GC.AllocateArray<IoVector>(capacity, pinned: true);

    /// <summary>Pieces that it has room for.</summary>
    public int Capacity => _pieces.Length;

    /// <summary>Pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of all pieces.</summary>
    public int Bytes { get; private set; }

    internal IoVector* First => (IoVector*)Unsafe.AsPointer(ref _pieces[0]);

    /// <summary>Appends a piece.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no room.</exception>
    public void Add(ReadOnlySpan<byte> piece)
    {
        fixed (byte* start = piece)
        {
            _pieces[Count] = new IoVector { Start = start, Length = (nuint)piece.Length };
        }

        Count++;
        Bytes += piece.Length;
    }

    /// <summary>Takes all pieces out.</summary>
    public void Clear()
    {
        Count = 0;
        Bytes = 0;
    }
}
