using Npgsql;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>PostgreSQL said no, or nothing. Becomes a <see cref="JournalException"/> at the store's edge.</summary>
/// <param name="Reason">Why, for programs.</param>
/// <param name="Remedy">The server's answer to what happened.</param>
/// <param name="Cause">What the driver threw.</param>
internal sealed record PostgreSqlError(JournalFailure Reason, PostgreSqlRemedy Remedy, NpgsqlException Cause)
{
    /// <summary>
    /// Whether the server itself said that the statement failed and its transaction is rolled back. Without that word
    /// a commit that was sent may have happened.
    /// </summary>
    public bool IsCertain => Cause is PostgresException { InvariantSeverity: "ERROR" };

    public static PostgreSqlError Of(NpgsqlException cause)
    {
        if (cause is not PostgresException said)
        {
            bool isSlow = cause.InnerException is TimeoutException;
            return new PostgreSqlError(
                JournalFailure.Unavailable, isSlow ? PostgreSqlRemedy.Later : PostgreSqlRemedy.Reconnect, cause);
        }

        return said.SqlState switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
                new PostgreSqlError(JournalFailure.Locked, PostgreSqlRemedy.Repeat, cause),
            PostgresErrorCodes.LockNotAvailable =>
                new PostgreSqlError(JournalFailure.Locked, PostgreSqlRemedy.Later, cause),
            PostgresErrorCodes.DiskFull => new PostgreSqlError(JournalFailure.DiskFull, PostgreSqlRemedy.Later, cause),
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                new PostgreSqlError(JournalFailure.ReadOnly, PostgreSqlRemedy.Later, cause),
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.TooManyConnections =>
                new PostgreSqlError(JournalFailure.Unavailable, PostgreSqlRemedy.Later, cause),
            PostgresErrorCodes.FeatureNotSupported =>
                // A statement that was prepared before somebody changed the tables; a new connection prepares it anew.
                new PostgreSqlError(JournalFailure.WrongFormat, PostgreSqlRemedy.Reconnect, cause),
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted
                => new PostgreSqlError(JournalFailure.Corrupt, PostgreSqlRemedy.OneByOne, cause),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
                or PostgresErrorCodes.InvalidSchemaName =>
                new PostgreSqlError(JournalFailure.WrongFormat, PostgreSqlRemedy.Later, cause),
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidCatalogName =>
                new PostgreSqlError(JournalFailure.Refused, PostgreSqlRemedy.Later, cause),
            { } code => OfClass(code, cause),
        };
    }

    /// <summary>What the driver threw that is not of its own kind.</summary>
    public static PostgreSqlError Of(Exception cause)
    {
        var wrapped = new NpgsqlException(cause.Message, cause);
        return cause is InvalidCastException
            ? new PostgreSqlError(JournalFailure.WrongFormat, PostgreSqlRemedy.Later, wrapped)
            : Of(wrapped);
    }

    /// <summary>The exception for the caller: what failed, why, and what to do.</summary>
    public JournalException ToJournalException(string what, string store)
    {
        string why = Reason switch
        {
            JournalFailure.Unavailable when Remedy == PostgreSqlRemedy.Later =>
                "the server does not answer in time. Look at its load and its log; writing goes on by itself.",
            JournalFailure.Unavailable =>
                "the server cannot be reached or ended the connection. Start it, or check the address; writing goes "
                + "on by itself.",
            JournalFailure.Locked =>
                "another writer holds the same rows. End it, or give this one a schema of its own.",
            JournalFailure.DiskFull =>
                "the server's volume is full. Nothing of it was stored. Make room; writing goes on by itself.",
            JournalFailure.ReadOnly =>
                "the server does not write: it is a replica or set to read only. Connect to the primary.",
            JournalFailure.Refused =>
                "the server refuses this user. Check user, password, database and the rights on the schema.",
            JournalFailure.WrongFormat =>
                "the schema has other tables than this program's. Give this one a schema of its own.",
            JournalFailure.Corrupt =>
                "the tables are damaged. Stop, make a copy, and restore them from a backup.",
            _ => "the server reported an error. See its log.",
        };
        return new JournalException(Reason, $"Cannot {what} '{store}': {why} ({Detail()})", Cause);
    }

    private static PostgreSqlError OfClass(string code, NpgsqlException cause) => code[..2] switch
    {
        "08" or "57" => new PostgreSqlError(JournalFailure.Unavailable, PostgreSqlRemedy.Reconnect, cause),
        "28" => new PostgreSqlError(JournalFailure.Refused, PostgreSqlRemedy.Later, cause),
        "22" or "23" => new PostgreSqlError(JournalFailure.Io, PostgreSqlRemedy.OneByOne, cause),
        _ => new PostgreSqlError(JournalFailure.Io, PostgreSqlRemedy.Later, cause),
    };

    private string Detail() => Cause is PostgresException said
        ? $"PostgreSQL {said.SqlState}: {said.MessageText}"
        : Cause.InnerException?.Message ?? Cause.Message;
}
