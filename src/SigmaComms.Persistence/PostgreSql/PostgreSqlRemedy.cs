namespace SigmaComms.Persistence.PostgreSql;

/// <summary>What a writer does about a transaction that stored nothing.</summary>
internal enum PostgreSqlRemedy
{
    /// <summary>Nothing at once; its callers are told.</summary>
    Later,

    /// <summary>The same again: two transactions were in each other's way.</summary>
    Repeat,

    /// <summary>The same again on a fresh connection: the server was restarted or the network cut.</summary>
    Reconnect,

    /// <summary>Each write in a transaction of its own: one of them is at fault.</summary>
    OneByOne,
}
