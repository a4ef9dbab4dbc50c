using System.Text;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Tests.Sqlite;

/// <summary>The rows of docs/formats/journal.md, byte for byte.</summary>
public sealed class GoldenRowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_checksum_is_crc32c_by_its_check_value() =>
        Assert.Equal(0xE3069283u, RowChecksum.Of([], Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Numbers_are_eight_bytes_little_endian_before_the_payload()
    {
        byte[] bytes = [2, 1, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 7, 8, 9];

        Assert.Equal(RowChecksum.Of([], bytes), RowChecksum.Of([0x102, -1], [7, 8, 9]));
    }

    [Fact]
    public async Task Stored_rows_are_the_golden_ones()
    {
        SqliteStoreOptions options = new() { Path = _folder.File("golden.db"), Time = new StandingClock() };
        await using (SqliteStore store = await SqliteStore.OpenAsync(options, CancellationToken.None))
        {
            await store.AcquireEpochAsync("golden/1", CancellationToken.None);
            await store.AppendAsync("golden/2", 0, 5, [Event(9, "gone"), Event(uint.MaxValue, "here")], default);
            await store.SaveAsync("golden/2", new Snapshot(1, 4, 2, "state"u8.ToArray()), CancellationToken.None);
            await store.DeleteToAsync("golden/2", 1, CancellationToken.None);
        }

        using SqliteDatabase database = new(options.Path, TimeSpan.Zero);

        Assert.Equal(
            ["1|golden/1|1|0|0|225977583", "2|golden/2|5|2|1|29139522"],
            Rows(database, "SELECT concat_ws('|', id, pid, epoch, highest, deleted_to, checksum) FROM stream"));
        Assert.Equal(
            ["137438953474|4294967295|1|640291502450000000|2955529326|68657265"],
            Rows(database, "SELECT concat_ws('|', key, type, version, ticks, checksum, hex(payload)) FROM event"));
        Assert.Equal(
            ["137438953473|4|2|516251164|7374617465"],
            Rows(database, "SELECT concat_ws('|', key, type, version, checksum, hex(payload)) FROM snapshot"));
    }

    private static NewEvent Event(uint typeId, string text) => new(typeId, 1, Encoding.ASCII.GetBytes(text));

    private static List<string> Rows(SqliteDatabase database, string sql)
    {
        using SqliteStatement statement = database.Prepare(sql);
        List<string> rows = [];
        while (statement.Step())
        {
            rows.Add(statement.Text(0));
        }

        return rows;
    }
}
