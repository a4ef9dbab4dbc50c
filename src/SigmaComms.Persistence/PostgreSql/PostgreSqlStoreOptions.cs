using Npgsql;

namespace SigmaComms.Persistence.PostgreSql;

/// <summary>How a <see cref="PostgreSqlStore"/> works. Checked when the store is opened.</summary>
public sealed class PostgreSqlStoreOptions
{
    /// <summary>
    /// Where the server is, as Npgsql reads it: "Host=db.example.org;Username=sigma;SSL Mode=VerifyFull".
    /// </summary>
    public required string ConnectionString { get; set; }

    /// <summary>The user's password, if the server wants one. Never written to a log or a message.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// The schema that holds the tables, one per node: 1 to 63 of a-z, 0-9 and _, no digit first. Default "sigma".
    /// </summary>
    public string Schema { get; set; } = "sigma";

    /// <summary>Stamps the events. Default: the system's clock.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>Most events of one commit, 1 to 100,000. Default 1,000.</summary>
    public int MaxBatchEvents { get; set; } = 1_000;

    /// <summary>Most payload bytes of one commit, 1 KiB to 64 MiB. Default 1 MiB.</summary>
    public int MaxBatchBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Longest wait for more writes after a commit that served several, 0 to 100 ms. Default 2 ms. A write that
    /// comes alone never waits.
    /// </summary>
    public TimeSpan MaxBatchDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Longest wait for the server's answer, 1 to 600 s. Default 10 s. All writes wait with it.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for a connection, 1 to 60 s. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for what another writer has locked, 0.1 to 60 s. Default 2 s.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most connections that read at once, 1 to 100. Default 8. One more writes.</summary>
    public int ReadersMax { get; set; } = 8;

    /// <summary>Why a connection string does not serve; null if it does.</summary>
    /// <param name="connection">The text; it should have no password, which would lie where it is written.</param>
    public static string? ProblemOf(string connection)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection);
            return string.IsNullOrEmpty(settings.Host) ? "names no Host"
                : string.IsNullOrEmpty(settings.Password) ? null
                : "holds a password; put it into a file or into the environment";
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The driver's message could repeat a part of the text, and with it a password.
            return "is no connection string, such as Host=db.example.org;Username=sigma;Database=sigma";
        }
    }

    /// <summary>Whether a name can be a <see cref="Schema"/>.</summary>
    /// <param name="name">The name.</param>
    public static bool IsSchema(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= 63 && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
    }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(ConnectionString);
        ArgumentException.ThrowIfNullOrEmpty(Schema);
        ArgumentNullException.ThrowIfNull(Time);
        if (!IsSchema(Schema))
        {
            throw new ArgumentException("A schema has 1 to 63 of a-z, 0-9 and _, no digit first.", nameof(Schema));
        }

        Require(MaxBatchEvents, 1, 100_000, nameof(MaxBatchEvents));
        Require(MaxBatchBytes, 1 << 10, 64 << 20, nameof(MaxBatchBytes));
        Require(MaxBatchDelay, TimeSpan.Zero, TimeSpan.FromMilliseconds(100), nameof(MaxBatchDelay));
        Require(CommandTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(600), nameof(CommandTimeout));
        Require(ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), nameof(ConnectTimeout));
        Require(LockTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), nameof(LockTimeout));
        Require(ReadersMax, 1, 100, nameof(ReadersMax));
    }

    private static void Require<T>(T value, T min, T max, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
    }
}
