using SigmaComms.Cryptography;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Fragments;

/// <summary>The writes on one connection, each inside a transaction that the caller opened.</summary>
internal sealed class FragmentTables : IDisposable
{
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _replace;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _setState;
    private readonly SqliteStatement _addUnerased;
    private readonly SqliteStatement _removeUnerased;
    private readonly SqliteStatement _removeAllUnerased;
    private readonly SqliteStatement _setVolume;
    private readonly SqliteStatement _setGone;
    private readonly SqliteStatement _setLostForGood;

    public FragmentTables(SqliteDatabase database)
    {
        _find = database.Prepare($"SELECT {FragmentRowReader.Columns} FROM fragment WHERE id = ?1");
        _replace = database.Prepare(
            $"INSERT OR REPLACE INTO fragment ({FragmentRowReader.Columns}) "
            + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        _delete = database.Prepare("DELETE FROM fragment WHERE id = ?1");
        _setState = database.Prepare("UPDATE fragment SET state = ?2 WHERE id = ?1");
        _addUnerased = database.Prepare("INSERT OR REPLACE INTO unerased VALUES (?1, ?2, ?3)");
        _removeUnerased = database.Prepare("DELETE FROM unerased WHERE volume = ?1 AND offset = ?2");
        _removeAllUnerased = database.Prepare("DELETE FROM unerased WHERE volume = ?1");
        _setVolume = database.Prepare("INSERT OR REPLACE INTO volume VALUES (?1, ?2, ?3, nullif(?4, -1))");
        _setGone = database.Prepare("UPDATE fragment SET state = ?3 WHERE volume = ?1 AND state = ?2");
        _setLostForGood = database.Prepare(
            $"UPDATE fragment SET state = {FragmentRowReader.LostForGood} WHERE volume = ?1");
    }

    public void SetVolume(IndexedVolume volume) =>
        _setVolume.Bind(1, volume.Number).Bind(2, volume.Id.ToArray()).Bind(3, volume.IsFilled ? 1 : 0)
            .Bind(4, volume.ScanAt ?? -1).Run();

    public void SetGone(int volume, bool isGone)
    {
        (FragmentState from, FragmentState to) =
            isGone ? (FragmentState.Live, FragmentState.Lost) : (FragmentState.Lost, FragmentState.Live);
        _setGone.Bind(1, volume).Bind(2, (long)from).Bind(3, (long)to).Run();
        if (isGone)
        {
            _removeAllUnerased.Bind(1, volume).Run();
        }
    }

    public void ReplaceVolume(IndexedVolume volume)
    {
        _setLostForGood.Bind(1, volume.Number).Run();
        _removeAllUnerased.Bind(1, volume.Number).Run();
        SetVolume(volume);
    }

    public bool Adopt(FragmentRow found)
    {
        if (Find(found.Id) is { } known)
        {
            if (!FragmentChoice.IsBetter(found, known))
            {
                AddUnerased(found, unlessAt: known.Place);
                return false;
            }

            AddUnerased(known, unlessAt: found.Place);
        }

        Replace(found);
        return true;
    }

    public FragmentOutcome Enter(FragmentRow row)
    {
        FragmentOutcome entered = new(FragmentInsert.Entered);
        if (Find(row.Id) is { } present)
        {
            if (!present.Label.Span.SequenceEqual(row.Label.Span))
            {
                return new FragmentOutcome(FragmentInsert.Conflict);
            }

            if (present.State == FragmentState.Live)
            {
                return new FragmentOutcome(FragmentInsert.Present);
            }

            AddUnerased(present);
            entered = present.State == FragmentState.Lost
                ? new FragmentOutcome(FragmentInsert.Restored)
                : new FragmentOutcome(FragmentInsert.Replaced, present.Place);
        }

        Replace(row with { State = FragmentState.Live });
        return entered;
    }

    private void Replace(FragmentRow row) =>
        _replace.Bind(1, row.Id.ToArray()).Bind(2, row.Vault.ToArray()).Bind(3, row.Stripe.Span)
            .Bind(4, row.Place.Volume).Bind(5, row.Place.Offset).Bind(6, row.Place.SizeBytes)
            .Bind(7, row.Sequence).Bind(8, (long)row.State).Bind(9, row.StoredAt.UtcTicks)
            .Bind(10, FragmentRowReader.ChecksumOf(row)).Bind(11, row.Label.Span).Run();

    public FragmentRow? Remove(Digest id)
    {
        FragmentRow? row = Find(id);
        if (row is not null)
        {
            _delete.Bind(1, id.ToArray()).Run();
            AddUnerased(row);
        }

        return row;
    }

    public bool Quarantine(Digest id, FragmentPlace place)
    {
        if (Find(id) is not { State: FragmentState.Live } row || row.Place != place)
        {
            return false;
        }

        _setState.Bind(1, id.ToArray()).Bind(2, (long)FragmentState.Quarantined).Run();
        return true;
    }

    public void Forget(FragmentPlace erased) => _removeUnerased.Bind(1, erased.Volume).Bind(2, erased.Offset).Run();

    public void Dispose()
    {
        _find.Dispose();
        _replace.Dispose();
        _delete.Dispose();
        _setState.Dispose();
        _addUnerased.Dispose();
        _removeUnerased.Dispose();
        _removeAllUnerased.Dispose();
        _setVolume.Dispose();
        _setGone.Dispose();
        _setLostForGood.Dispose();
    }

    private FragmentRow? Find(Digest id)
    {
        try
        {
            return _find.Bind(1, id.ToArray()).Step() ? FragmentRowReader.Read(_find) : null;
        }
        finally
        {
            _find.Reset();
        }
    }

    // Where a lost one was, another volume may be by now.
    private void AddUnerased(FragmentRow row, FragmentPlace? unlessAt = null)
    {
        if (row.State != FragmentState.Lost && row.Place != unlessAt)
        {
            _addUnerased.Bind(1, row.Place.Volume).Bind(2, row.Place.Offset).Bind(3, row.Place.SizeBytes).Run();
        }
    }
}
