using SigmaComms.Client.Vaults.History;
using SigmaComms.Vault.Keys;
using SigmaComms.Vault.Transactions;

namespace SigmaComms.Client.Vaults;

/// <summary>Opens a vault whose folder is there.</summary>
internal sealed class VaultOpening(VaultClientOptions options, VaultFolder folder)
{
    private const byte HeaderKind = 1;
    private const int AttemptsMax = 3;

    /// <summary>Follows the log from its beginning, or from a snapshot where the beginning is gone.</summary>
    /// <exception cref="VaultException">The secret is wrong, no node answers, or the cluster lies.</exception>
    public async Task<OpenedVault> OpenAsync(VaultSecret secret, CancellationToken ct)
    {
        VaultUnlocker unlocker = new(secret.Resolve(folder, options.Identity));
        try
        {
            VaultCore core = await StartAsync(unlocker, ct);
            OpenedVault vault = new(core);
            await core.RememberAsync(ct);
            return vault;
        }
        catch
        {
            unlocker.Dispose();
            throw;
        }
    }

    private async Task<VaultCore> StartAsync(VaultUnlocker unlocker, CancellationToken ct)
    {
        CountedLog log = new(options.Log);
        StripeSnapshotStore snapshots = new(options, unlocker);
        VaultAccess access = new(folder.Vault, log, unlocker.Unlock, options.Random, snapshots);
        LogPosition remembered = folder.ReadPosition();
        StateCopy copy = new(folder, unlocker, options.Random);
        VaultSession? copied = copy.Open(access, log, remembered);
        remembered = copied?.Remembered ?? remembered;
        VaultSession session = copied ?? VaultSession.Start(access, remembered);
        SyncResult sync = await session.SyncAsync(ct);
        if (copied is not null && (sync.Fault != LogFault.None || sync.IsBehind))
        {
            // The log may have been shortened since, or the copy is of what a node made up.
            copy.Distrust();
            await session.DisposeAsync();
            session = VaultSession.Start(access, remembered);
            log.Reset();
            sync = await session.SyncAsync(ct);
        }

        for (int attempt = 1; attempt < AttemptsMax && sync.Fault is LogFault.Forked or LogFault.Broken; attempt++)
        {
            // A node showed pages that do not lead to what is certified; it is asked last from now on.
            await session.DisposeAsync();
            session = VaultSession.Start(access, remembered);
            log.Reset();
            sync = await session.SyncAsync(ct);
        }

        bool isLocked = sync.Fault == LogFault.Locked;
        if ((isLocked || sync.IsBehind) && await FindKeysAsync(unlocker, isLocked ? session.Position.Count : 0, ct))
        {
            // A later header has a slot for this device, and the former keys with it; or the log begins later.
            await session.DisposeAsync();
            session = isLocked
                ? VaultSession.Start(access, remembered)
                : await FromSnapshotAsync(access, remembered, ct);
            log.Reset();
            sync = await session.SyncAsync(ct);
        }

        if (sync.IsCurrent && session.Keys is not null)
        {
            snapshots.Session = session;
            return new VaultCore(options, folder, unlocker, log, session, copy);
        }

        if (sync.Fault == LogFault.RolledBack && options.IsLogBehind())
        {
            await session.DisposeAsync();
            throw VaultErrors.Of(LogStatus.Unreachable, folder.Name);
        }

        bool hasHeader = session.Header is not null;
        await session.DisposeAsync();
        throw !sync.IsCurrent && !sync.IsBehind ? VaultErrors.Of(sync, unlocker, folder.Name)
            : hasHeader || sync.IsBehind ? VaultErrors.Locked(unlocker.Result, folder.Name)
            : VaultErrors.Unfinished(folder.Name);
    }

    private async Task<VaultSession> FromSnapshotAsync(
        VaultAccess access, LogPosition remembered, CancellationToken ct)
    {
        SnapshotNotice? notice = await SnapshotFinder.FindAsync(access, ct);
        VaultSession? session = notice is null ? null : await VaultSession.StartAsync(access, notice, remembered, ct);
        return session ?? throw new VaultException(
            VaultFailure.NeedsFragments,
            $"The log of the vault '{folder.Name}' begins with a snapshot, and that cannot be "
            + $"{(notice is null ? "found" : "read now")}. Start the storage nodes that are away.");
    }

    // The newest header that opens is looked for in all of the log, page by page.
    private async Task<bool> FindKeysAsync(VaultUnlocker unlocker, ulong first, CancellationToken ct)
    {
        VaultHeader? newest = null;
        ulong end = ulong.MaxValue;
        while (first < end)
        {
            LogRange range = await options.Log.ReadAsync(folder.Vault, first, ct);
            if (range.Status is LogStatus.Done or LogStatus.OutOfRange && range.First > first)
            {
                first = range.First;
                continue;
            }

            if (range.Status != LogStatus.Done || range.Entries.Count == 0)
            {
                break;
            }

            // As far as the log goes now; who adds to it all the time does not keep this from its end.
            end = Math.Min(end, range.End.Count);

            foreach (LogEntry entry in range.Entries)
            {
                newest = HeaderOf(entry.Content.Span) ?? newest;
            }

            first += (ulong)range.Entries.Count;
        }

        using VaultKeyring? keys = newest is null ? null : unlocker.Unlock(newest);
        return keys is not null;
    }

    private VaultHeader? HeaderOf(ReadOnlySpan<byte> content)
    {
        VaultHeader? header = null;
        bool isHeader = content.Length > 1 && content[0] == HeaderKind
            && VaultHeader.TryDecode(content[1..], folder.Vault, out header) == HeaderStatus.Good;
        return isHeader ? header : null;
    }
}
