using SigmaComms.Client.Vaults.Files;
using SigmaComms.Client.Vaults.History;
using SigmaComms.Cryptography;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Namespace;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>What all parts of an opened vault share: its session, one at a time, its keys, its folder.</summary>
internal sealed class VaultCore(
    VaultClientOptions options,
    VaultFolder folder,
    VaultUnlocker unlocker,
    CountedLog log,
    VaultSession session,
    StateCopy copy) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<int, StripeKeys> _keys = [];
    private readonly CancellationTokenSource _closing = new();
    private WritingKeys? _writing;
    private ulong _rememberedCount;
    private int _closed;

    public VaultClientOptions Options { get; } = options;

    public VaultFolder Folder { get; } = folder;

    public VaultSession Session { get; } = session;

    public CountedLog Log { get; } = log;

    public StripeBuffers Buffers { get; } = new();

    /// <summary>How what was written lies on the nodes.</summary>
    public SpreadCount Spread { get; } = new();

    public string Name => Folder.Name;

    public Digest Vault => Folder.Vault;

    public NodeId Writer => Options.Identity.Device.Id;

    /// <summary>Ends when the vault is closed.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>The time for the namespace.</summary>
    public long Now => UnixTime.Of(Options.Time.GetUtcNow());

    /// <summary>Does something with the session while nobody else can.</summary>
    public async Task<T> WithSessionAsync<T>(Func<VaultSession, Task<T>> work, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_closed != 0, typeof(OpenedVault));
        await _turn.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(_closed != 0, typeof(OpenedVault));
            return await work(Session);
        }
        finally
        {
            NoteKeys();
            _turn.Release();
        }
    }

    /// <summary>Follows the log to its end, and looks at the state while nobody changes it.</summary>
    public async Task<T> LookAsync<T>(Func<NamespaceState, T> look, CancellationToken ct)
    {
        T seen = await WithSessionAsync(
            async session =>
            {
                await FollowAsync(session, ct);
                return look(session.State);
            },
            ct);
        await RememberAsync(ct);
        return seen;
    }

    /// <summary>Follows the log to its end; the caller has the session.</summary>
    /// <exception cref="VaultException">It cannot, or the log does what no honest log does.</exception>
    public async Task FollowAsync(VaultSession session, CancellationToken ct)
    {
        SyncResult sync = await session.SyncAsync(ct);
        if (!sync.IsCurrent)
        {
            throw VaultErrors.Of(sync, unlocker, Name);
        }

        RequireOpen(session);
    }

    /// <summary>A result, asked for again while no node tells it; the caller has the session.</summary>
    public async Task<CommitResult> ResolvedAsync(VaultSession session, CommitResult result, CancellationToken ct)
    {
        TimeSpan pause = Options.LogPause;
        for (int asked = 1; result.Status == CommitStatus.Unknown && asked < Options.LogAttempts; asked++)
        {
            await Task.Delay(pause, Options.Time, ct);
            pause *= 2;
            result = await session.ResolveAsync(ct);
        }

        return result;
    }

    /// <summary>Takes over keys that are about to be in force.</summary>
    public void Learn(VaultKeyring keys) => unlocker.Learn(keys);

    /// <summary>The header in force and its keys.</summary>
    /// <exception cref="VaultException">There is none, or it is closed to this device.</exception>
    public (VaultHeader Header, VaultKeyring Keys) RequireOpen(VaultSession session)
    {
        if (session.Header is not { } header)
        {
            throw VaultErrors.Unfinished(Name);
        }

        return session.Keys is { } keys ? (header, keys) : throw VaultErrors.Locked(unlocker.Result, Name);
    }

    /// <summary>The shape, newest epoch and its keys, for writing, as they were after the last turn.</summary>
    /// <remarks>Does not wait for the session: commits hold it most of the time while many files are put.</remarks>
    public async ValueTask<WritingKeys> NewestKeysAsync(CancellationToken ct) =>
        Volatile.Read(ref _writing) ?? await WithSessionAsync(
            session =>
            {
                (VaultHeader header, VaultKeyring keys) = RequireOpen(session);
                return Task.FromResult(new WritingKeys(header.Shape, keys.Epoch, KeysOf(session, keys.Epoch)));
            },
            ct);

    /// <summary>The keys of an epoch; the caller has the session. They stay until the vault is closed.</summary>
    public StripeKeys KeysOf(VaultSession session, int epoch)
    {
        if (!_keys.TryGetValue(epoch, out StripeKeys? keys))
        {
            keys = StripeKeys.Of(RequireOpen(session).Keys, epoch);
            _keys.Add(epoch, keys);
        }

        return keys;
    }

    private void NoteKeys()
    {
        WritingKeys? now = null;
        if (Volatile.Read(ref _closed) == 0 && Session is { Header: { } header, Keys: { } keys })
        {
            now = _writing is { } known && known.Epoch == keys.Epoch && known.Shape == header.Shape
                ? known
                : new WritingKeys(header.Shape, keys.Epoch, KeysOf(Session, keys.Epoch));
        }

        Volatile.Write(ref _writing, now);
    }

    /// <summary>Remembers on the disk how far the log was followed.</summary>
    public async Task RememberAsync(CancellationToken ct)
    {
        LogPosition reached = Session.Remembered;
        if (reached.Count > Volatile.Read(ref _rememberedCount))
        {
            await Folder.RememberAsync(reached, Options.Time, ct);
            Volatile.Write(ref _rememberedCount, reached.Count);
        }
    }

    /// <summary>Forgets the keys once nobody uses the session any more. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync();
        await _turn.WaitAsync(CancellationToken.None);
        copy.Keep(Session, Log);
        await Session.DisposeAsync();
        foreach (StripeKeys keys in _keys.Values)
        {
            keys.Dispose();
        }

        unlocker.Dispose();
        _closing.Dispose();

        // Whoever still waits for a turn is told that it is over.
        _turn.Release();
    }
}
