using SQLitePCL;

namespace SigmaComms.Persistence.Sqlite;

/// <summary>A prepared statement: bind, step, read, reset.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly sqlite3_stmt _handle;

    public SqliteStatement(SqliteDatabase database, sqlite3_stmt handle)
    {
        _database = database;
        _handle = handle;
    }

    /// <summary>Binds the parameter with this number, counted from 1.</summary>
    public SqliteStatement Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_handle, index, value));

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement Bind(int index, string value) => Check(raw.sqlite3_bind_text(_handle, index, value));

    /// <inheritdoc cref="Bind(int, long)"/>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value) =>
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_handle, index, 0)
            : raw.sqlite3_bind_blob(_handle, index, value));

    /// <summary>Runs to the next row.</summary>
    /// <returns>False when there is none; the statement is then ready to be bound again.</returns>
    public bool Step()
    {
        int code = raw.sqlite3_step(_handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        SqliteError? error = code == raw.SQLITE_DONE ? null : _database.Error(code);
        Reset();
        return error is null ? false : throw error;
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>A column of the present row, counted from 0.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_handle, column);

    /// <inheritdoc cref="Number"/>
    public string Text(int column) => raw.sqlite3_column_text(_handle, column).utf8_to_string();

    /// <inheritdoc cref="Number"/>
    public byte[] Blob(int column) => raw.sqlite3_column_blob(_handle, column).ToArray();

    /// <summary>Gives up the present row; the statement can be bound again.</summary>
    public void Reset()
    {
        raw.sqlite3_reset(_handle);
        raw.sqlite3_clear_bindings(_handle);
    }

    public void Dispose() => _handle.Dispose();

    private SqliteStatement Check(int code) => code == raw.SQLITE_OK ? this : throw _database.Error(code);
}
