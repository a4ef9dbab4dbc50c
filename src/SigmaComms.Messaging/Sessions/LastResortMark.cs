using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Messaging.Sessions;

/// <summary>A remembered use of a last-resort key; sorts by key, then by ephemeral key.</summary>
internal readonly record struct LastResortMark(uint KemPrekeyId, Digest EphemeralKey) : IComparable<LastResortMark>
{
    private const int CountMax = 16 * SessionLimits.LastResortUsesMax;

    /// <summary>Reads marks; after bytes that do not fit, the reader has failed.</summary>
    public static SortedSet<LastResortMark> ReadAll(ref WireReader reader)
    {
        var marks = new SortedSet<LastResortMark>();
        uint count = reader.U32();
        LastResortMark? last = null;
        for (uint i = 0; i < count && !reader.Failed; i++)
        {
            var mark = new LastResortMark(reader.U32(), reader.Digest());
            if (count > CountMax || (last is { } before && before.CompareTo(mark) >= 0))
            {
                reader.Fail();
            }

            marks.Add(mark);
            last = mark;
        }

        return marks;
    }

    /// <summary>Writes the marks in their order.</summary>
    public static void WriteAll(WireWriter writer, SortedSet<LastResortMark> marks)
    {
        writer.U32((uint)marks.Count);
        foreach (LastResortMark mark in marks)
        {
            writer.U32(mark.KemPrekeyId).Digest(mark.EphemeralKey);
        }
    }

    /// <inheritdoc/>
    public int CompareTo(LastResortMark other)
    {
        int order = KemPrekeyId.CompareTo(other.KemPrekeyId);
        return order != 0 ? order : EphemeralKey.CompareTo(other.EphemeralKey);
    }
}
