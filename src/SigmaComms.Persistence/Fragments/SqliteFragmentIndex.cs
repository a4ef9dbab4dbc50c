using SigmaComms.Cryptography;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Fragments;

/// <summary>An index in a SQLite file with a write-ahead log; a commit is durable when it returns.</summary>
/// <remarks>One connection writes and one reads, so that readers do not wait for the disk of a commit.</remarks>
public sealed class SqliteFragmentIndex : IFragmentIndex
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly SqliteDatabase _writer;
    private readonly SqliteDatabase _reader;
    private readonly FragmentTables _tables;
    private readonly FragmentQueries _queries;
    private bool _disposed;

    private SqliteFragmentIndex(string path, SqliteDatabase writer, SqliteDatabase reader)
    {
        _path = path;
        _writer = writer;
        _reader = reader;
        _tables = new FragmentTables(writer);
        _queries = new FragmentQueries(reader);
    }

    /// <summary>Opens the file, and makes it if it is not there. Whoever does so has the folder locked.</summary>
    /// <param name="path">The file; its folder is there.</param>
    /// <exception cref="JournalException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteFragmentIndex Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SqliteDatabase? writer = null;
        SqliteDatabase? reader = null;
        SqliteFragmentIndex? opened = null;
        try
        {
            StoreFile.Make(path);
            writer = FragmentSchema.OpenWriter(path, LockTimeout);
            reader = FragmentSchema.OpenReader(path, LockTimeout);
            opened = new SqliteFragmentIndex(path, writer, reader);
            return opened;
        }
        catch (SqliteError error)
        {
            throw error.ToJournalException("open the index of fragments", path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                JournalFailure.ReadOnly, $"Cannot open the index of fragments '{path}': {error.Message}", error);
        }
        finally
        {
            if (opened is null)
            {
                reader?.Dispose();
                writer?.Dispose();
            }
        }
    }

    /// <summary>Deletes the file and what belongs to it, so that a new index can be made; nobody has it open.</summary>
    /// <param name="path">The file.</param>
    public static void Delete(string path)
    {
        File.Delete(path);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexedVolume> Volumes() => Read(queries => queries.Volumes());

    /// <inheritdoc/>
    public void SetVolume(IndexedVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        Write(tables =>
        {
            tables.SetVolume(volume);
            return true;
        });
    }

    /// <inheritdoc/>
    public void SetGone(int volume, bool isGone) => Write(tables =>
    {
        tables.SetGone(volume, isGone);
        return true;
    });

    /// <inheritdoc/>
    public void ReplaceVolume(IndexedVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        Write(tables =>
        {
            tables.ReplaceVolume(volume);
            return true;
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<bool> Adopt(IReadOnlyList<FragmentRow> found, IndexedVolume volume)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(volume);
        return Write<List<bool>>(tables =>
        {
            tables.SetVolume(volume);
            return [.. found.Select(tables.Adopt)];
        });
    }

    /// <inheritdoc/>
    public FragmentRow? Find(Digest id) => Read(queries => queries.Find(id));

    /// <inheritdoc/>
    public IReadOnlyList<FragmentOutcome> Commit(
        IReadOnlyList<FragmentRow> rows, IReadOnlyList<FragmentPlace> erased)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(erased);
        return Write<List<FragmentOutcome>>(tables =>
        {
            foreach (FragmentPlace place in erased)
            {
                tables.Forget(place);
            }

            return [.. rows.Select(tables.Enter)];
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentRow?> Remove(IReadOnlyList<Digest> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Write<List<FragmentRow?>>(tables => [.. ids.Select(tables.Remove)]);
    }

    /// <inheritdoc/>
    public bool Quarantine(Digest id, FragmentPlace place) => Write(tables => tables.Quarantine(id, place));

    /// <inheritdoc/>
    public IReadOnlyList<FragmentPlace> Unerased() => Read(queries => queries.Unerased());

    /// <inheritdoc/>
    public IReadOnlyList<FragmentPlace> PlacesOf(int volume) => Read(queries => queries.PlacesOf(volume));

    /// <inheritdoc/>
    public IReadOnlyList<FragmentRow> Page(Digest? after, int countMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        return Read(queries => queries.Page(after, countMax));
    }

    /// <inheritdoc/>
    public IReadOnlyList<FragmentRow> PageOfVault(Digest vault, StripePosition? after, int countMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(countMax, 1);
        return Read(queries => queries.PageOfVault(vault, after, countMax));
    }

    /// <inheritdoc/>
    public FragmentTotals Totals() => Read(queries => queries.Totals());

    /// <inheritdoc/>
    public void Dispose()
    {
        // The reader goes first: the last connection to close empties the log.
        lock (_reading)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _queries.Dispose();
            _reader.Dispose();
        }

        lock (_writing)
        {
            _tables.Dispose();
            _writer.Dispose();
        }
    }

    private T Write<T>(Func<FragmentTables, T> write)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                _writer.Execute("BEGIN IMMEDIATE");
                T result = write(_tables);
                _writer.Execute("COMMIT");
                return result;
            }
            catch (SqliteError error)
            {
                throw error.ToJournalException("write to the index of fragments", _path);
            }
            finally
            {
                _writer.Rollback();
            }
        }
    }

    private T Read<T>(Func<FragmentQueries, T> read)
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                return read(_queries);
            }
            catch (SqliteError error)
            {
                throw error.ToJournalException("read the index of fragments", _path);
            }
        }
    }
}
