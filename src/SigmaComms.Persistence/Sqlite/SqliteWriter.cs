using SigmaComms.Persistence.Writes;

namespace SigmaComms.Persistence.Sqlite;

/// <summary>Commits what gathered into the file.</summary>
internal sealed class SqliteWriter : GroupCommit<SqliteTables>
{
    private readonly SqliteStoreOptions _options;
    private readonly SqliteDatabase _database;
    private readonly SqliteTables _tables;

    public SqliteWriter(SqliteStoreOptions options)
        : base(new GroupCommitLimits(
            options.MaxBatchEvents, options.MaxBatchBytes, options.MaxBatchDelay, options.Time))
    {
        _options = options;
        _database = SqliteSchema.OpenWriter(options);
        _tables = new SqliteTables(_database);
        Start(stackBytesMax: 256 << 10);
    }

    protected override string StoreName => _options.Path;

    protected override void Commit(List<WriteRequest<SqliteTables>> batch, long utcTicks)
    {
        SqliteError? error = TryCommit(batch, utcTicks, out bool isInDoubt);
        if (error is null)
        {
            Complete(batch);
            return;
        }

        if (isInDoubt)
        {
            // The log could not be written or flushed. What reads the file now does not see the batch, but after a
            // loss of power, before the next commit writes over it, recovery might.
            JournalException doubt = error.ToJournalException("write to the journal", _options.Path);
            batch.ForEach(request => request.Doubt(doubt));
        }
        else if (batch.Count == 1)
        {
            batch[0].Fail(error.ToJournalException("write to the journal", _options.Path));
        }
        else
        {
            CommitOneByOne(batch, utcTicks);
        }
    }

    protected override void Close()
    {
        _tables.Dispose();
        _database.Dispose();
    }

    /// <summary>Runs the batch in one transaction.</summary>
    /// <returns>Null when it is durable.</returns>
    private SqliteError? TryCommit(List<WriteRequest<SqliteTables>> batch, long utcTicks, out bool isInDoubt)
    {
        bool isCommitting = false;
        isInDoubt = false;
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            foreach (WriteRequest<SqliteTables> request in batch)
            {
                request.Execute(_tables, utcTicks);
            }

            isCommitting = true;
            _database.Execute("COMMIT");
            return null;
        }
        catch (SqliteError failure)
        {
            _database.Rollback();
            isInDoubt = isCommitting && failure.LeavesDoubt;
            return failure;
        }
    }
}
