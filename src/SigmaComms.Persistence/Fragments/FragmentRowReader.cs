using SigmaComms.Cryptography;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Fragments;

/// <summary>Rows of the table of fragments, with their checksums.</summary>
internal static class FragmentRowReader
{
    /// <summary>A state that only the file knows: lost, and does not come back with the volume.</summary>
    public const int LostForGood = (int)FragmentState.Lost + 1;

    /// <summary>The columns that <see cref="Read"/> expects.</summary>
    public const string Columns = "id, vault, stripe, volume, offset, size, sequence, state, ticks, checksum, label";

    /// <summary>The checksum that is stored with a row.</summary>
    public static uint ChecksumOf(FragmentRow row) => RowChecksum.Of(
        [row.Place.Volume, row.Place.Offset, row.Place.SizeBytes, row.Sequence, row.StoredAt.UtcTicks],
        row.Label.Span);

    /// <summary>The present row of a statement.</summary>
    /// <exception cref="SqliteError">It is damaged.</exception>
    public static FragmentRow Read(SqliteStatement statement)
    {
        byte[] id = statement.Blob(0);
        byte[] vault = statement.Blob(1);
        byte[] stripe = statement.Blob(2);
        long state = statement.Number(7);
        long ticks = statement.Number(8);
        bool isWhole = id.Length == Digest.SizeBytes
            && vault.Length == Digest.SizeBytes
            && stripe.Length == FragmentRow.StripeIdSize
            && state is >= 0 and <= LostForGood
            && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && statement.Number(3) is >= 1 and <= int.MaxValue
            && statement.Number(5) is >= 1 and <= int.MaxValue;
        if (isWhole)
        {
            FragmentRow row = new(
                new Digest(id), new Digest(vault), stripe, PlaceOf(statement, 3), statement.Number(6),
                (FragmentState)Math.Min(state, (long)FragmentState.Lost),
            new DateTimeOffset(ticks, TimeSpan.Zero),
            statement.Blob(10));
            if (ChecksumOf(row) == statement.Number(9))
            {
                return row;
            }
        }

        throw new SqliteError(SQLitePCL.raw.SQLITE_CORRUPT, "the row of a fragment is damaged");
    }

    /// <summary>A place in three columns.</summary>
    public static FragmentPlace PlaceOf(SqliteStatement statement, int firstColumn) => new(
        checked((int)statement.Number(firstColumn)), statement.Number(firstColumn + 1),
        checked((int)statement.Number(firstColumn + 2)));
}
