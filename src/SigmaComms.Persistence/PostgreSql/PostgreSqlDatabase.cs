using Npgsql;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>The connections to one schema of one server.</summary>
internal sealed class PostgreSqlDatabase : IDisposable
{
    /// <summary>Oldest server whose behaviour is known: 15.</summary>
    private const int VersionMin = 15;

    /// <summary>Any two processes that make tables at once wait for each other under this number.</summary>
    private const long MakingLock = 0x53674A31;

    private readonly NpgsqlDataSource _connections;
    private readonly string _schema;
    private readonly TimeSpan _connectMax;

    public PostgreSqlDatabase(PostgreSqlStoreOptions options)
    {
        _schema = options.Schema;
        _connectMax = options.ConnectTimeout * 2;
        NpgsqlConnectionStringBuilder settings = Settings(options);
        Name = $"{settings.Host}/{settings.Database ?? settings.Username}/{_schema}";
        _connections = NpgsqlDataSource.Create(settings);
    }

    /// <summary>Names server, database and schema, without a secret.</summary>
    public string Name { get; }

    public NpgsqlConnection Open() => _connections.OpenConnection();

    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        // The driver's own time-out does not count while TLS is agreed on: a server that falls silent there would hold
        // the caller for ever.
        using var late = new CancellationTokenSource(_connectMax, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            return await _connections.OpenConnectionAsync(either.Token);
        }
        catch (Exception cause) when (cause is OperationCanceledException or NpgsqlException
            && late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new NpgsqlException(cause.Message, new TimeoutException("no connection in time", cause));
        }
    }

    /// <summary>Drops all connections that are idle: after one was lost the others are lost too, unseen.</summary>
    public void Forget() => _connections.Clear();

    /// <summary>Checks the server and makes the tables in an empty schema.</summary>
    public async ValueTask PrepareAsync(CancellationToken ct)
    {
        await using NpgsqlConnection connection = await OpenAsync(ct);
        await RequireServerAsync(connection, ct);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MakingLock})", ct);
        object? table = await QueryAsync(connection, $"SELECT to_regclass('{_schema}.journal_format')::text", ct);
        if (table is not string)
        {
            await MakeAsync(connection, ct);
        }

        object? version = await QueryAsync(connection, "SELECT max(version) FROM journal_format", ct);
        if (version is not 1)
        {
            throw new JournalException(
                JournalFailure.WrongFormat,
                $"Cannot open the journal '{Name}': its format is version {version ?? "unknown"}, this program knows "
                + "1. Use the program that wrote it.");
        }

        await transaction.CommitAsync(ct);
    }

    public void Dispose() => _connections.Dispose();

    private static NpgsqlConnectionStringBuilder Settings(PostgreSqlStoreOptions options)
    {
        int lockMs = (int)options.LockTimeout.TotalMilliseconds;
        int idleMs = 2 * (int)options.CommandTimeout.TotalMilliseconds;
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            SearchPath = options.Schema,
            CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds),
            Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds),
            CancellationTimeout = 1_000,
            MaxPoolSize = options.ReadersMax + 1,
            MaxAutoPrepare = 32,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Enlist = false,
            TcpKeepAlive = true,

            // An acknowledged event is on the disk whatever the server's default says; a writer that stands still in
            // the middle of a transaction must not hold the rows for ever.
            Options = $"-c synchronous_commit=on -c lock_timeout={lockMs} "
                + $"-c idle_in_transaction_session_timeout={idleMs}",
        };
        settings.ApplicationName ??= "sigma";
        if (options.Password is not null)
        {
            settings.Password = options.Password;
        }

        return settings;
    }

    private static async ValueTask<object?> QueryAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    private static async ValueTask ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async ValueTask RequireServerAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        bool keeps = await QueryAsync(connection, "SHOW fsync", ct) is "on";
        if (connection.PostgreSqlVersion.Major < VersionMin || !keeps)
        {
            string why = keeps
                ? $"the server is version {connection.PostgreSqlVersion}, at least {VersionMin} is needed."
                : "the server runs with fsync off and may lose what it has confirmed. Turn it on.";
            throw new JournalException(JournalFailure.Refused, $"Cannot open the journal '{Name}': {why}");
        }
    }

    private async ValueTask MakeAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await QueryAsync(connection, $"SELECT 1 FROM pg_namespace WHERE nspname = '{_schema}'", ct) is null)
        {
            await ExecuteAsync(connection, $"CREATE SCHEMA {_schema}", ct);
        }

        await using Stream text = typeof(PostgreSqlDatabase).Assembly
            .GetManifestResourceStream("postgresql-schema.sql")!;
        using var reader = new StreamReader(text);
        await ExecuteAsync(connection, await reader.ReadToEndAsync(ct), ct);
    }
}
