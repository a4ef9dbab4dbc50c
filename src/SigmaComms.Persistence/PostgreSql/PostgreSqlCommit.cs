namespace SigmaComms.Persistence.PostgreSql;

/// <summary>How an attempt at a transaction ended.</summary>
internal enum PostgreSqlCommit
{
    /// <summary>Nothing was stored.</summary>
    Failed,

    /// <summary>Nothing was stored: another writer made the same rows first.</summary>
    Overtaken,

    /// <summary>It is durable.</summary>
    Done,

    /// <summary>The commit was sent and no answer came.</summary>
    Unknown,
}
