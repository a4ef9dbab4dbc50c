using SigmaComms.Cryptography;

namespace SigmaComms.Client.Vaults.Mounting;

/// <summary>
/// Bytes of a file that were written and that no stripe has yet: disjoint pieces, ascending. What is written behind a
/// piece lengthens it, so that a file written from its beginning to its end is a few large ones.
/// </summary>
/// <remarks>Not safe for use from two threads at once.</remarks>
internal sealed class DirtyRanges
{
    /// <summary>The largest piece: 1 MiB.</summary>
    public const int PieceMax = 1 << 20;

    private const int PieceMin = 512;

    private readonly List<Piece> _pieces = [];

    /// <summary>Memory that it takes.</summary>
    public long RoomBytes { get; private set; }

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>The first byte behind the last piece; 0 if there is none.</summary>
    public long End => _pieces.Count == 0 ? 0 : _pieces[^1].End;

    /// <summary>Puts bytes at a place, over what is there.</summary>
    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int at = FirstBehind(offset);
            int written = at < _pieces.Count && _pieces[at].Offset <= offset
                ? Overwrite(_pieces[at], offset, bytes)
                : Insert(at, offset, bytes);
            offset += written;
            bytes = bytes[written..];
        }
    }

    /// <summary>Puts what is here of a range over what the room holds.</summary>
    public void CopyTo(long offset, Span<byte> room)
    {
        long end = offset + room.Length;
        for (int at = FirstBehind(offset); at < _pieces.Count && _pieces[at].Offset < end; at++)
        {
            Piece piece = _pieces[at];
            long first = Math.Max(offset, piece.Offset);
            long last = Math.Min(end, piece.End);
            piece.Bytes.AsSpan((int)(first - piece.Offset), (int)(last - first)).CopyTo(room[(int)(first - offset)..]);
        }
    }

    /// <summary>Forgets a range.</summary>
    public void Cut(long offset, long end)
    {
        for (int at = FirstBehind(offset); at < _pieces.Count && _pieces[at].Offset < end;)
        {
            Piece piece = _pieces[at];
            Piece? rest = piece.End > end ? new Piece(end, piece.Part(end, piece.End).ToArray()) : null;
            if (piece.Offset < offset)
            {
                piece.Length = (int)(offset - piece.Offset);
                at++;
            }
            else
            {
                RoomBytes -= piece.Bytes.Length;
                _pieces.RemoveAt(at);
            }

            if (rest is not null)
            {
                RoomBytes += rest.Bytes.Length;
                _pieces.Insert(at, rest);
                return;
            }
        }
    }

    /// <summary>All pieces, ascending; to be read before the next change.</summary>
    public IEnumerable<(long Offset, ReadOnlyMemory<byte> Bytes)> Pieces() =>
        _pieces.Select(static piece => (piece.Offset, (ReadOnlyMemory<byte>)piece.Bytes.AsMemory(0, piece.Length)));

    /// <summary>Whether a whole range is here.</summary>
    public bool Covers(long offset, long end)
    {
        for (int at = FirstBehind(offset); offset < end; at++)
        {
            if (at == _pieces.Count || _pieces[at].Offset > offset)
            {
                return false;
            }

            offset = _pieces[at].End;
        }

        return true;
    }

    /// <summary>The first byte at or behind a place that is here, and its piece's end; -1 if there is none.</summary>
    public (long First, long End) NextData(long offset)
    {
        int at = FirstBehind(offset);
        return at == _pieces.Count ? (-1, -1) : (Math.Max(offset, _pieces[at].Offset), _pieces[at].End);
    }

    /// <summary>The first piece that ends behind a place.</summary>
    private int FirstBehind(long offset)
    {
        (int low, int high) = (0, _pieces.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _pieces[middle].End <= offset ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int Overwrite(Piece piece, long offset, ReadOnlySpan<byte> bytes)
    {
        int count = (int)Math.Min(bytes.Length, piece.End - offset);
        bytes[..count].CopyTo(piece.Bytes.AsSpan((int)(offset - piece.Offset)));
        return count;
    }

    private int Insert(int at, long offset, ReadOnlySpan<byte> bytes)
    {
        long free = at < _pieces.Count ? _pieces[at].Offset - offset : long.MaxValue;
        Piece? before = at > 0 && _pieces[at - 1].End == offset ? _pieces[at - 1] : null;
        if (before is not null && before.Length < PieceMax)
        {
            int added = (int)Math.Min(Math.Min(bytes.Length, free), PieceMax - before.Length);
            RoomBytes += before.Append(bytes[..added]);
            return added;
        }

        int count = (int)Math.Min(Math.Min(bytes.Length, free), PieceMax);
        byte[] room = new byte[Math.Max(count, PieceMin)];
        bytes[..count].CopyTo(room);
        _pieces.Insert(at, new Piece(offset, room) { Length = count });
        RoomBytes += room.Length;
        return count;
    }

    private sealed class Piece(long offset, byte[] bytes)
    {
        public long Offset { get; } = offset;

        public byte[] Bytes { get; private set; } = bytes;

        public int Length { get; set; } = bytes.Length;

        public long End => Offset + Length;

        public ReadOnlySpan<byte> Part(long from, long to) =>
            Bytes.AsSpan((int)(from - Offset), (int)(to - from));

        /// <summary>Lengthens it; gives by how much its room grew.</summary>
        public int Append(ReadOnlySpan<byte> more)
        {
            Invariant.Holds(Length + more.Length <= PieceMax);
            int former = Bytes.Length;
            if (Length + more.Length > former)
            {
                byte[] larger = new byte[Math.Min(PieceMax, Math.Max(former * 2, Length + more.Length))];
                Bytes.AsSpan(0, Length).CopyTo(larger);
                Bytes = larger;
            }

            more.CopyTo(Bytes.AsSpan(Length));
            Length += more.Length;
            return Bytes.Length - former;
        }
    }
}
