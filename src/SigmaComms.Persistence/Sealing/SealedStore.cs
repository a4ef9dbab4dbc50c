using System.Runtime.CompilerServices;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;

namespace SigmaComms.Persistence.Sealing;

/// <summary>
/// A journal and snapshot store whose payloads reach the store below only sealed, so that a stolen disk tells no
/// plaintext and a changed, moved or swapped payload is found.
/// </summary>
/// <remarks>
/// What stays open: persistence ids, sequences, type numbers, times and sizes; so a persistence id must tell nothing.
/// What is not found: the whole file, or its end, being put back to an older state. Each persistence id has a key of
/// its own, each payload a random nonce; with 2^32 payloads of one id the nonces would have to be called used up, which
/// is never reached. Safe to call from any thread.
/// </remarks>
public sealed class SealedStore : IJournal, ISnapshotStore
{
    /// <summary>How much longer a payload becomes: 28 bytes.</summary>
    public const int OverheadBytes = Aes256Gcm.NonceSize + Aes256Gcm.TagSize;

    /// <summary>Size of a store's key: 32 bytes.</summary>
    public const int KeySize = 32;

    private const string MarkId = "sealed-store";
    private const byte EventKind = 1;
    private const byte SnapshotKind = 2;

    private readonly IJournal _journal;
    private readonly ISnapshotStore _snapshots;
    private readonly SecretBytes _key;
    private readonly IRandomSource _random;

    /// <summary>Wraps a store.</summary>
    /// <param name="journal">Where events go; disposed with this.</param>
    /// <param name="snapshots">Where snapshots go; not disposed.</param>
    /// <param name="storageKey">32 secret bytes; copied.</param>
    /// <param name="random">The nonces.</param>
    public SealedStore(
        IJournal journal, ISnapshotStore snapshots, ReadOnlySpan<byte> storageKey, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(snapshots);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNotEqual(storageKey.Length, KeySize, nameof(storageKey));
        _journal = journal;
        _snapshots = snapshots;
        _key = new SecretBytes(storageKey);
        _random = random;
    }

    /// <summary>Wraps a store and marks it as sealed with this key, or checks the mark.</summary>
    /// <param name="journal">Where events go; disposed with this.</param>
    /// <param name="snapshots">Where snapshots go; not disposed.</param>
    /// <param name="storageKey">32 secret bytes; copied.</param>
    /// <param name="random">The nonces.</param>
    /// <param name="snapshotIds">Ids whose snapshots would show that the store was used before.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="JournalException">
    /// <see cref="JournalFailure.WrongFormat"/>: the store was used without sealing;
    /// <see cref="JournalFailure.Refused"/>: it is sealed with another key.
    /// </exception>
    public static async ValueTask<SealedStore> OpenMarkedAsync(
        IJournal journal,
        ISnapshotStore snapshots,
        ReadOnlyMemory<byte> storageKey,
        IRandomSource random,
        IReadOnlyList<string> snapshotIds,
        CancellationToken ct)
    {
        var store = new SealedStore(journal, snapshots, storageKey.Span, random);
        try
        {
            await store.RequireMarkAsync(snapshotIds, ct);
            return store;
        }
        catch
        {
            store._key.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(
        string persistenceId,
        long expectedSequence,
        long writerEpoch,
        IReadOnlyList<NewEvent> events,
        CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        ArgumentOutOfRangeException.ThrowIfNegative(expectedSequence);
        ArgumentNullException.ThrowIfNull(events);
        if (OverLimit(expectedSequence, events) is { } reason)
        {
            return new ValueTask<AppendResult>(new AppendResult(AppendStatus.Rejected, -1, reason));
        }

        NewEvent[] sealedEvents = SealAll(persistenceId, expectedSequence, events);
        return _journal.AppendAsync(persistenceId, expectedSequence, writerEpoch, sealedEvents, ct);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalEvent> ReplayAsync(string persistenceId, long fromSequence, CancellationToken ct) =>
        OpenAllAsync(persistenceId, _journal.ReplayAsync(persistenceId, fromSequence, ct), ct);

    /// <inheritdoc/>
    public ValueTask<long> HighestSequenceAsync(string persistenceId, CancellationToken ct) =>
        _journal.HighestSequenceAsync(persistenceId, ct);

    /// <inheritdoc/>
    public ValueTask DeleteToAsync(string persistenceId, long toSequence, CancellationToken ct) =>
        _journal.DeleteToAsync(persistenceId, toSequence, ct);

    /// <inheritdoc/>
    public ValueTask<long> AcquireEpochAsync(string persistenceId, CancellationToken ct) =>
        _journal.AcquireEpochAsync(persistenceId, ct);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> PersistenceIdsAsync(string prefix, CancellationToken ct) =>
        _journal.PersistenceIdsAsync(prefix, ct);

    /// <inheritdoc/>
    public ValueTask SaveAsync(string persistenceId, Snapshot snapshot, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(persistenceId);
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentOutOfRangeException.ThrowIfNegative(snapshot.Sequence, nameof(snapshot));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            snapshot.Payload.Length, JournalLimits.SnapshotBytesMax - OverheadBytes, nameof(snapshot));
        return _snapshots.SaveAsync(persistenceId, SealOne(persistenceId, snapshot), ct);
    }

    /// <inheritdoc/>
    public async ValueTask<Snapshot?> LoadAsync(string persistenceId, CancellationToken ct) =>
        OpenOne(persistenceId, await _snapshots.LoadAsync(persistenceId, ct));

    /// <inheritdoc/>
    public async ValueTask<Snapshot?> LoadOlderAsync(string persistenceId, CancellationToken ct) =>
        OpenOne(persistenceId, await _snapshots.LoadOlderAsync(persistenceId, ct));

    /// <inheritdoc/>
    public ValueTask DeleteAllAsync(string persistenceId, CancellationToken ct) =>
        _snapshots.DeleteAllAsync(persistenceId, ct);

    /// <summary>Disposes the journal below and zeroes the key. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _key.Dispose();
    }

    private async ValueTask RequireMarkAsync(IReadOnlyList<string> snapshotIds, CancellationToken ct)
    {
        if (await _snapshots.LoadAsync(MarkId, ct) is { } mark)
        {
            using AesGcmCipher cipher = CipherOf(MarkId);
            byte[] place = new SealedPlace(SnapshotKind, MarkId).At(mark.Sequence, mark.TypeId, mark.Version);
            if (mark.Payload.Length != OverheadBytes || !TryOpen(cipher, mark.Payload.Span, place, []))
            {
                throw new JournalException(
                    JournalFailure.Refused,
                    "Cannot open the journal: it is sealed with another key. Use the key it was made with, or give "
                    + "this one a journal of its own.");
            }

            return;
        }

        if (await IsUsedAsync(snapshotIds, ct))
        {
            throw new JournalException(
                JournalFailure.WrongFormat,
                "Cannot open the journal: it was written by a version that did not seal it. Move it away, with its "
                + "-wal and -shm files; a new one is made. What it held is lost to this node.");
        }

        await SaveAsync(MarkId, new Snapshot(0, 1, 1, default), ct);
    }

    private async ValueTask<bool> IsUsedAsync(IReadOnlyList<string> snapshotIds, CancellationToken ct)
    {
        await foreach (string _ in _journal.PersistenceIdsAsync("", ct))
        {
            return true;
        }

        foreach (string id in snapshotIds)
        {
            if (await _snapshots.LoadAsync(id, ct) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string? OverLimit(long expectedSequence, IReadOnlyList<NewEvent> events)
    {
        const int max = JournalLimits.PayloadBytesMax - OverheadBytes;
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Payload.Length > max)
            {
                return $"A sealed event has at most {max} bytes, number {i} has {events[i].Payload.Length}.";
            }
        }

        return events.Count > JournalLimits.EventsPerAppendMax
            ? $"An append has at most {JournalLimits.EventsPerAppendMax} events, this one {events.Count}."
            : expectedSequence > JournalLimits.SequenceMax - events.Count
            ? $"A journal has at most {JournalLimits.SequenceMax} events."
            : null;
    }

    private static byte[] Open(
        AesGcmCipher cipher, ReadOnlySpan<byte> stored, byte[] place, string persistenceId, long sequence)
    {
        byte[] plaintext = new byte[Math.Max(0, stored.Length - OverheadBytes)];
        return stored.Length >= OverheadBytes && TryOpen(cipher, stored, place, plaintext)
            ? plaintext
            : throw new JournalException(
                JournalFailure.Corrupt,
                $"Number {sequence} of '{persistenceId}' cannot be opened with this store's key: it was changed, or "
                + "the owner of another key wrote it. Stop, and restore the journal that belongs to this key.");
    }

    private static bool TryOpen(
        AesGcmCipher cipher, ReadOnlySpan<byte> stored, byte[] place, Span<byte> plaintext) =>
        cipher.TryOpen(stored[..Aes256Gcm.NonceSize], stored[Aes256Gcm.NonceSize..], place, plaintext);

    private NewEvent[] SealAll(string persistenceId, long expectedSequence, IReadOnlyList<NewEvent> events)
    {
        var sealedEvents = new NewEvent[events.Count];
        using AesGcmCipher cipher = CipherOf(persistenceId);
        SealedPlace place = new(EventKind, persistenceId);
        for (int i = 0; i < sealedEvents.Length; i++)
        {
            NewEvent e = events[i];
            byte[] at = place.At(expectedSequence + 1 + i, e.TypeId, e.Version);
            sealedEvents[i] = e with { Payload = Seal(cipher, e.Payload.Span, at) };
        }

        return sealedEvents;
    }

    private Snapshot SealOne(string persistenceId, Snapshot snapshot)
    {
        byte[] place = new SealedPlace(SnapshotKind, persistenceId)
            .At(snapshot.Sequence, snapshot.TypeId, snapshot.Version);
        using AesGcmCipher cipher = CipherOf(persistenceId);
        return snapshot with { Payload = Seal(cipher, snapshot.Payload.Span, place) };
    }

    private Snapshot? OpenOne(string persistenceId, Snapshot? stored)
    {
        if (stored is null)
        {
            return null;
        }

        using AesGcmCipher cipher = CipherOf(persistenceId);
        byte[] place = new SealedPlace(SnapshotKind, persistenceId)
            .At(stored.Sequence, stored.TypeId, stored.Version);
        return stored with { Payload = Open(cipher, stored.Payload.Span, place, persistenceId, stored.Sequence) };
    }

    private byte[] Seal(AesGcmCipher cipher, ReadOnlySpan<byte> payload, byte[] place)
    {
        byte[] stored = new byte[payload.Length + OverheadBytes];
        Span<byte> nonce = stored.AsSpan(0, Aes256Gcm.NonceSize);
        _random.Fill(nonce);
        cipher.Seal(nonce, payload, place, stored.AsSpan(Aes256Gcm.NonceSize));
        return stored;
    }

    private async IAsyncEnumerable<JournalEvent> OpenAllAsync(
        string persistenceId, IAsyncEnumerable<JournalEvent> events, [EnumeratorCancellation] CancellationToken ct)
    {
        using AesGcmCipher cipher = CipherOf(persistenceId);
        SealedPlace place = new(EventKind, persistenceId);
        await foreach (JournalEvent e in events.WithCancellation(ct))
        {
            byte[] at = place.At(e.Sequence, e.TypeId, e.Version);
            yield return e with { Payload = Open(cipher, e.Payload.Span, at, persistenceId, e.Sequence) };
        }
    }

    /// <summary>The cipher of one persistence id; it never meets another's nonces.</summary>
    private AesGcmCipher CipherOf(string persistenceId)
    {
        using var key = new SecretBytes(Aes256Gcm.KeySize);
        byte[] info = new WireWriter()
            .Fixed("SigmaComms/1 journal"u8)
            .Opaque16(System.Text.Encoding.UTF8.GetBytes(persistenceId))
            .ToArray();
        HkdfSha256.DeriveKey(_key.Span, default, info, key.Span);
        return new AesGcmCipher(key.Span);
    }
}
