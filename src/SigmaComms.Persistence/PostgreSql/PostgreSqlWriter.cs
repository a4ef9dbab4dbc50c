using Npgsql;
using SigmaComms.Persistence.Writes;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>Commits what gathered, over one connection that it takes anew when it was lost.</summary>
internal sealed class PostgreSqlWriter : GroupCommit<PostgreSqlChanges>
{
    private const int AttemptsMax = 4;

    private readonly PostgreSqlDatabase _database;

    public PostgreSqlWriter(PostgreSqlDatabase database, PostgreSqlStoreOptions options)
        : base(new GroupCommitLimits(
            options.MaxBatchEvents, options.MaxBatchBytes, options.MaxBatchDelay, options.Time))
    {
        _database = database;
        Start(stackBytesMax: 512 << 10);
    }

    protected override string StoreName => _database.Name;

    protected override void Commit(List<WriteRequest<PostgreSqlChanges>> batch, long utcTicks)
    {
        try
        {
            CommitUntilItEnds(batch, utcTicks);
        }
        catch (JournalException damage)
        {
            // A row that was read is damaged. It belongs to one of the writes, the others must not suffer for it.
            if (batch.Count > 1)
            {
                CommitOneByOne(batch, utcTicks);
            }
            else
            {
                batch[0].Fail(damage);
            }
        }
    }

    protected override void Close()
    {
        // The connection belongs to the database's pool, which the store closes.
    }

    private void CommitUntilItEnds(List<WriteRequest<PostgreSqlChanges>> batch, long utcTicks)
    {
        bool reconnected = false;
        for (int attempt = 1; ; attempt++)
        {
            PostgreSqlError? error = TryCommit(batch, utcTicks, out PostgreSqlCommit end);
            if (end == PostgreSqlCommit.Done)
            {
                Complete(batch);
                return;
            }

            if (end == PostgreSqlCommit.Unknown)
            {
                _database.Forget();
                JournalException doubt = error!.ToJournalException("write to the journal", StoreName);
                batch.ForEach(request => request.Doubt(doubt));
                return;
            }

            bool isOvertaken = error is null || error.Remedy == PostgreSqlRemedy.Repeat;
            if (isOvertaken && attempt < AttemptsMax)
            {
                continue;
            }

            if (error?.Remedy == PostgreSqlRemedy.Reconnect && !reconnected)
            {
                // Nothing was committed, and the connection may have died long ago while it was idle.
                reconnected = true;
                _database.Forget();
                continue;
            }

            EndFailed(batch, utcTicks, error);
            return;
        }
    }

    private void EndFailed(List<WriteRequest<PostgreSqlChanges>> batch, long utcTicks, PostgreSqlError? error)
    {
        if (error?.Remedy == PostgreSqlRemedy.OneByOne && batch.Count > 1)
        {
            CommitOneByOne(batch, utcTicks);
            return;
        }

        JournalException reason = error?.ToJournalException("write to the journal", StoreName)
            ?? new JournalException(
                JournalFailure.Locked,
                $"Cannot write to the journal '{StoreName}': other writers make the same persistence ids all the "
                + "time. Nothing of it was stored.");
        batch.ForEach(request => request.Fail(reason));
    }

    private PostgreSqlError? TryCommit(
        List<WriteRequest<PostgreSqlChanges>> batch, long utcTicks, out PostgreSqlCommit end)
    {
        end = PostgreSqlCommit.Failed;
        bool isCommitting = false;
        try
        {
            using NpgsqlConnection connection = _database.Open();
            using var transaction = new PostgreSqlTransaction(connection);
            if (!transaction.TryWrite(batch, utcTicks))
            {
                end = PostgreSqlCommit.Overtaken;
                return null;
            }

            isCommitting = true;
            transaction.Commit();
            end = PostgreSqlCommit.Done;
            return null;
        }
        catch (NpgsqlException failure)
        {
            PostgreSqlError error = PostgreSqlError.Of(failure);
            end = isCommitting && !error.IsCertain ? PostgreSqlCommit.Unknown : PostgreSqlCommit.Failed;
            return error;
        }
        catch (Exception failure) when (failure is InvalidCastException or InvalidOperationException
            or IOException or TimeoutException)
        {
            // What the driver lets through: a column of another type, a connection that has just ended. The thread that
            // writes must outlive it, and a commit that was sent may have happened.
            end = isCommitting ? PostgreSqlCommit.Unknown : PostgreSqlCommit.Failed;
            return PostgreSqlError.Of(failure);
        }
    }
}
