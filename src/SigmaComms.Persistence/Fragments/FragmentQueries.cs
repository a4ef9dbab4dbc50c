using SigmaComms.Cryptography;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Fragments;

/// <summary>The reads on one connection, each short, so that the log can be emptied between them.</summary>
internal sealed class FragmentQueries : IDisposable
{
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _page;
    private readonly SqliteStatement _pageOfVault;
    private readonly SqliteStatement _places;
    private readonly SqliteStatement _unerased;
    private readonly SqliteStatement _volumes;
    private readonly SqliteStatement _totals;

    public FragmentQueries(SqliteDatabase database)
    {
        const string select = $"SELECT {FragmentRowReader.Columns} FROM fragment";
        _find = database.Prepare($"{select} WHERE id = ?1");
        _page = database.Prepare($"{select} WHERE id > ?1 ORDER BY id LIMIT ?2");
        _pageOfVault = database.Prepare(
            $"{select} WHERE vault = ?1 AND (stripe, id) > (?2, ?3) ORDER BY stripe, id LIMIT ?4");
        _places = database.Prepare(
            $"SELECT volume, offset, size FROM fragment WHERE volume = ?1 AND state < {(int)FragmentState.Lost} "
            + "UNION ALL SELECT volume, offset, size FROM unerased WHERE volume = ?1 ORDER BY offset");
        _unerased = database.Prepare("SELECT volume, offset, size FROM unerased ORDER BY volume, offset");
        _volumes = database.Prepare("SELECT number, id, filled, coalesce(scan, -1) FROM volume ORDER BY number");
        _totals = database.Prepare("SELECT state, count(*), max(sequence) FROM fragment GROUP BY state");
    }

    public FragmentRow? Find(Digest id) => Rows(_find.Bind(1, id.ToArray())).FirstOrDefault();

    // An empty blob sorts before every id.
    public List<FragmentRow> Page(Digest? after, int countMax) =>
        Rows(_page.Bind(1, after?.ToArray() ?? []).Bind(2, countMax));

    public List<FragmentRow> PageOfVault(Digest vault, StripePosition? after, int countMax) => Rows(
        _pageOfVault.Bind(1, vault.ToArray()).Bind(2, after is { } last ? last.Stripe.Span : default)
            .Bind(3, after?.Id.ToArray() ?? []).Bind(4, countMax));

    public List<FragmentPlace> PlacesOf(int volume) =>
        All(_places.Bind(1, volume), static row => FragmentRowReader.PlaceOf(row, 0));

    public List<FragmentPlace> Unerased() => All(_unerased, static row => FragmentRowReader.PlaceOf(row, 0));

    public List<IndexedVolume> Volumes() => All(_volumes, static row => new IndexedVolume(
        checked((int)row.Number(0)), new Digest(row.Blob(1)), row.Number(2) != 0,
        row.Number(3) is >= 0 and long scanAt ? scanAt : null));

    public FragmentTotals Totals()
    {
        long[] counts = new long[(int)FragmentState.Lost + 1];
        long highest = 0;
        foreach ((long state, long count, long sequence) in All(
            _totals, static row => (row.Number(0), row.Number(1), row.Number(2))))
        {
            counts[Math.Clamp(state, 0, (long)FragmentState.Lost)] += count;
            highest = Math.Max(highest, sequence);
        }

        return new FragmentTotals(counts[0], counts[1], counts[2], highest);
    }

    public void Dispose()
    {
        _find.Dispose();
        _page.Dispose();
        _pageOfVault.Dispose();
        _places.Dispose();
        _unerased.Dispose();
        _volumes.Dispose();
        _totals.Dispose();
    }

    private static List<FragmentRow> Rows(SqliteStatement statement) => All(statement, FragmentRowReader.Read);

    private static List<T> All<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        List<T> rows = [];
        try
        {
            while (statement.Step())
            {
                rows.Add(read(statement));
            }

            return rows;
        }
        finally
        {
            statement.Reset();
        }
    }
}
