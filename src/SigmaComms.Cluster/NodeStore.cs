using System.Security.Cryptography;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Persistence;
using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Persistence.Sealing;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Cluster;

/// <summary>Opens the journal of a node, sealed with a key that comes from the node's own.</summary>
internal static class NodeStore
{
    /// <summary>Opens the store that the options choose. Whoever disposes it disposes what is below too.</summary>
    public static async ValueTask<SealedStore> OpenAsync(
        ClusterNodeOptions options, MlDsa65SigningKey key, CancellationToken ct)
    {
        if (options.PostgreSql is { } server)
        {
            PostgreSqlStore remote = await PostgreSqlStore.OpenAsync(server, ct);
            return await SealAsync(remote, remote, key, ct);
        }

        SqliteStore local = await SqliteStore.OpenAsync(
            new SqliteStoreOptions { Path = Path.Combine(options.DataDirectory, "journal.db"), EraseDeleted = true },
            ct);
        return await SealAsync(local, local, key, ct);
    }

    private static async ValueTask<SealedStore> SealAsync(
        IJournal journal, ISnapshotStore snapshots, MlDsa65SigningKey key, CancellationToken ct)
    {
        byte[] storageKey = StorageKeyOf(key);
        SealedStore? opened = null;
        try
        {
            opened = await SealedStore.OpenMarkedAsync(
                journal, snapshots, storageKey, SystemRandom.Instance, [MemberStore.PersistenceId], ct);
            return opened;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(storageKey);
            if (opened is null)
            {
                await journal.DisposeAsync();
            }
        }
    }

    /// <summary>Who has the node's signing key can open its journal; there is no second secret file.</summary>
    private static byte[] StorageKeyOf(MlDsa65SigningKey key)
    {
        byte[] seed = key.ExportSeed();
        byte[] storageKey = new byte[SealedStore.KeySize];
        HkdfSha256.DeriveKey(seed, default, "SigmaComms/1 node journal"u8, storageKey);
        CryptographicOperations.ZeroMemory(seed);
        return storageKey;
    }
}
