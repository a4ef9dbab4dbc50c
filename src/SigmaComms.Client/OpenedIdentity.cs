using SigmaComms.Client.Identity;
using SigmaComms.Client.Links;
using SigmaComms.Client.Sessions;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Sessions;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Sealing;
using SigmaComms.Persistence.Sqlite;

namespace SigmaComms.Client;

/// <summary>An identity of this machine with its lock, its disk and its client; one process at a time.</summary>
public sealed class OpenedIdentity : IAsyncDisposable
{
    private const string AccountStream = "account";

    private readonly KeyStoreLock _lock;
    private readonly LocalDevice _device;
    private readonly IJournal _journal;
    private readonly SecureLinkDialer _dialer;

    private OpenedIdentity(
        KeyStoreLock identityLock,
        LocalDevice device,
        IJournal journal,
        SecureLinkDialer dialer,
        MessagingClient client)
    {
        _lock = identityLock;
        _device = device;
        _journal = journal;
        _dialer = dialer;
        Client = client;
    }

    /// <summary>The client; disposed with this.</summary>
    public MessagingClient Client { get; }

    /// <summary>Takes the lock, opens the key store and the disk, and starts the client.</summary>
    /// <param name="options">Which identity and which cluster.</param>
    /// <param name="passphrase">Opens the key store; the caller zeroes it.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="KeyStoreException">In use, wrong passphrase, or damaged.</exception>
    /// <exception cref="JournalException">The disk cannot be used.</exception>
    /// <exception cref="ClientException">It is of another cluster, or what is stored cannot be read.</exception>
    public static async Task<OpenedIdentity> OpenAsync(
        OpenedIdentityOptions options, ReadOnlyMemory<byte> passphrase, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        KeyStoreLock identityLock = KeyStoreLock.Take(options.Folder.KeyStore);
        IJournal? journal = null;
        LocalDevice? device = null;
        SecureLinkDialer? dialer = null;
        try
        {
            using AccountSecrets secrets = KeyStore.Open(options.Folder.KeyStore, passphrase.Span);
            RequireCluster(secrets, options);
            journal = await OpenJournalAsync(secrets, options, ct);
            using var accountKey = new MlDsa65SigningKey(secrets.AccountSeed.Span);
            device = new LocalDevice(
                accountKey.Id, 1, new MlDsa65SigningKey(secrets.DeviceSeed.Span), secrets.IdentityKey.Clone());
            AccountRecord account = await AccountOfAsync(secrets, accountKey, device, journal, options, ct);
            dialer = new SecureLinkDialer(device.SigningKey, options.Time, options.Random, options.Logger);
            MessagingClient client = await MessagingClient.OpenAsync(
                ClientOptions(options, journal, device, account, dialer), ct);
            return new OpenedIdentity(identityLock, device, journal, dialer, client);
        }
        catch
        {
            dialer?.Dispose();
            device?.Dispose();
            if (journal is not null)
            {
                await journal.DisposeAsync();
            }

            identityLock.Dispose();
            throw;
        }
    }

    /// <summary>Closes everything, the lock last. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _journal.DisposeAsync();
        _dialer.Dispose();
        _device.Dispose();
        _lock.Dispose();
    }

    private static void RequireCluster(AccountSecrets secrets, OpenedIdentityOptions options)
    {
        if (secrets.ClusterId != options.Cluster.Cluster)
        {
            throw new ClientException(
                ClientFailure.WrongCluster,
                $"The identity {secrets.AccountName} belongs to cluster {secrets.ClusterId}, "
                + $"not to {options.Cluster.Cluster}. Name the right cluster file, or make a new identity.");
        }
    }

    private static async ValueTask<IJournal> OpenJournalAsync(
        AccountSecrets secrets, OpenedIdentityOptions options, CancellationToken ct)
    {
        var store = new SqliteStoreOptions
        {
            Path = options.Folder.Journal,
            Time = options.Time,
            EraseDeleted = true,
        };
        SqliteStore sqlite = await SqliteStore.OpenAsync(store, ct);
        return new SealedStore(sqlite, sqlite, secrets.StorageKey.Span, options.Random);
    }

    private static async ValueTask<AccountRecord> AccountOfAsync(
        AccountSecrets secrets,
        MlDsa65SigningKey accountKey,
        LocalDevice device,
        IJournal journal,
        OpenedIdentityOptions options,
        CancellationToken ct)
    {
        // The record is signed once and kept: two signatures of one version would look like two records.
        (CommitLog log, IReadOnlyList<byte[]> commits) = await CommitLog.OpenAsync(journal, AccountStream, ct);
        if (commits.Count > 0 && AccountRecord.TryDecode(commits[^1], out AccountRecord? stored))
        {
            return stored;
        }

        var entry = new DeviceEntry(device.SigningKey.PublicKey.Span, device.IdentityPublicKey.Span);
        AccountRecord record = AccountRecord.Create(
            secrets.AccountName, accountKey, device.DeviceListVersion, [entry], options.Random);
        await log.AppendAsync(record.Encoded.ToArray(), ct);
        return record;
    }

    private static MessagingClientOptions ClientOptions(
        OpenedIdentityOptions options,
        IJournal journal,
        LocalDevice device,
        AccountRecord account,
        SecureLinkDialer dialer) => new()
        {
            Device = device,
            Account = account,
            Journal = journal,
            Cluster = options.Cluster,
            Dialer = dialer,
            Time = options.Time,
            Random = options.Random,
            Logger = options.Logger,
            Report = options.Report,
            AttachmentMaxBytes = options.AttachmentMaxBytes,
        };
}
