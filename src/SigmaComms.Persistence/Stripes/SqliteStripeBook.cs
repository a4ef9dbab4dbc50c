using System.Buffers.Binary;
using SigmaComms.Cryptography;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Persistence.Stripes;

/// <summary>A stripe book in a SQLite file with a write-ahead log.</summary>
public sealed class SqliteStripeBook : IStripeBook
{
    private const int MarkSizeMax = 1024;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, (long Number, VaultFollowing Following)> _vaults = [];
    private readonly string _path;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _setVault;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _add;
    private readonly SqliteStatement _drop;
    private readonly SqliteStatement _forget;
    private readonly SqliteStatement _readMark;
    private readonly SqliteStatement _writeMark;
    private bool _disposed;

    private SqliteStripeBook(string path, SqliteDatabase database)
    {
        _path = path;
        _database = database;
        _setVault = database.Prepare(
            "INSERT INTO vault (number, id, followed, gap) VALUES (?1, ?2, ?3, ?4) "
            + "ON CONFLICT (number) DO UPDATE SET followed = ?3, gap = ?4");
        _find = database.Prepare("SELECT standing FROM stripe WHERE vault = ?1 AND id = ?2");
        _add = database.Prepare("INSERT OR IGNORE INTO stripe (vault, id, standing, ticks) VALUES (?1, ?2, 1, ?3)");
        _drop = database.Prepare(
            "INSERT INTO stripe (vault, id, standing, ticks) VALUES (?1, ?2, 2, ?3) "
            + "ON CONFLICT (vault, id) DO UPDATE SET standing = 2, ticks = ?3");
        _forget = database.Prepare("DELETE FROM stripe WHERE standing = 2 AND ticks < ?1");
        _readMark = database.Prepare("SELECT value FROM mark WHERE name = ?1");
        _writeMark = database.Prepare("INSERT OR REPLACE INTO mark (name, value) VALUES (?1, ?2)");
        using SqliteStatement vaults = database.Prepare("SELECT number, id, followed, gap FROM vault");
        while (vaults.Step())
        {
            _vaults[new Digest(vaults.Blob(1))] =
                (vaults.Number(0), new VaultFollowing((ulong)vaults.Number(2), vaults.Number(3)));
        }
    }

    /// <summary>
    /// Opens the file, and makes it if it is not there or damaged: the logs say again what was in it, and what they do
    /// not say any more counts as missed.
    /// </summary>
    /// <param name="path">The file; its folder is there.</param>
    /// <exception cref="JournalException">The file cannot be used; the message says why and what to do.</exception>
    public static SqliteStripeBook Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return OpenOnce(path);
        }
        catch (JournalException damage) when (damage.Reason == JournalFailure.Corrupt)
        {
            File.Delete(path);
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            return OpenOnce(path);
        }
    }

    /// <inheritdoc/>
    public VaultFollowing FindVault(Digest vault)
    {
        lock (_gate)
        {
            return _vaults.GetValueOrDefault(vault).Following;
        }
    }

    /// <inheritdoc/>
    public StripeStanding FindStripe(Digest vault, UInt128 stripe) => Run(() =>
    {
        if (!_vaults.TryGetValue(vault, out (long Number, VaultFollowing) known))
        {
            return StripeStanding.Unknown;
        }

        _find.Bind(1, known.Number).Bind(2, BytesOf(stripe));
        StripeStanding standing = _find.Step() ? (StripeStanding)_find.Number(0) : StripeStanding.Unknown;
        _find.Reset();
        return standing;
    });

    /// <inheritdoc/>
    public void Note(
        Digest vault,
        VaultFollowing following,
        IReadOnlyCollection<UInt128> added,
        IReadOnlyCollection<UInt128> dropped,
        long nowTicks)
    {
        ArgumentNullException.ThrowIfNull(added);
        ArgumentNullException.ThrowIfNull(dropped);
        Run(() =>
        {
            long number = _vaults.TryGetValue(vault, out (long Number, VaultFollowing) known)
                ? known.Number
                : _vaults.Count + 1;
            _database.Execute("BEGIN IMMEDIATE");
            _setVault.Bind(1, number).Bind(2, vault.ToArray()).Bind(3, (long)following.Followed)
                .Bind(4, following.GapTicks).Run();
            RunEach(_add, number, added, nowTicks);
            RunEach(_drop, number, dropped, nowTicks);
            _database.Execute("COMMIT");
            _vaults[vault] = (number, following);
            return true;
        });
    }

    /// <inheritdoc/>
    public int Forget(long beforeTicks) => Run(() =>
    {
        _forget.Bind(1, beforeTicks).Run();
        return (int)(_database.QueryNumber("SELECT changes()") ?? 0);
    });

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadMark(string name) => Run(() =>
    {
        _readMark.Bind(1, name);
        byte[] value = _readMark.Step() ? _readMark.Blob(0) : [];
        _readMark.Reset();
        return (ReadOnlyMemory<byte>)value;
    });

    /// <inheritdoc/>
    public void WriteMark(string name, ReadOnlyMemory<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, MarkSizeMax);
        Run(() =>
        {
            _writeMark.Bind(1, name).Bind(2, value.Span).Run();
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (SqliteStatement statement in
                new[] { _setVault, _find, _add, _drop, _forget, _readMark, _writeMark })
            {
                statement.Dispose();
            }

            _database.Dispose();
        }
    }

    private static SqliteStripeBook OpenOnce(string path)
    {
        SqliteDatabase? database = null;
        try
        {
            StoreFile.Make(path);
            database = StripeSchema.Open(path, LockTimeout);
            return new SqliteStripeBook(path, database);
        }
        catch (SqliteError error)
        {
            database?.Dispose();
            throw error.ToJournalException("open the stripe book", path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                JournalFailure.ReadOnly, $"Cannot open the stripe book '{path}': {error.Message}", error);
        }
    }

    private static byte[] BytesOf(UInt128 stripe)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, stripe);
        return bytes;
    }

    private static void RunEach(
        SqliteStatement statement, long vault, IReadOnlyCollection<UInt128> stripes, long nowTicks)
    {
        foreach (UInt128 stripe in stripes)
        {
            statement.Bind(1, vault).Bind(2, BytesOf(stripe)).Bind(3, nowTicks).Run();
        }
    }

    private T Run<T>(Func<T> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                return work();
            }
            catch (SqliteError error)
            {
                throw error.ToJournalException("use the stripe book", _path);
            }
            finally
            {
                _database.Rollback();
            }
        }
    }
}
