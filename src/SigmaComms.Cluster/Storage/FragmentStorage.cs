using SigmaComms.Actors;
using SigmaComms.Actors.Breakers;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cluster.Storage.Workers;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Fragments;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage;

/// <summary>The fragments that this node keeps, in volumes on its disk.</summary>
/// <remarks>
/// A put is answered once it is durable and in the index. Nothing is given out that is not what its label's root says:
/// what is damaged is quarantined and published as <see cref="FragmentDamaged"/>.
/// </remarks>
internal sealed class FragmentStorage(StorageDesk desk, IActorRef supervisor) : IFragmentShelf
{
    /// <summary>Most fragments of one page of a listing.</summary>
    public const int PageMax = 1_024;

    private const int ReadsMax = 3;

    /// <summary>How it stands.</summary>
    public StorageFigures Figures => desk.Figures;

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        cancellationToken.ThrowIfCancellationRequested();
        if (desk.Options.CapacityBytes == 0)
        {
            return StoreStatus.Full;
        }

        if (PendingPut.Of(label, fragment.Span) is not { } put)
        {
            return StoreStatus.Refused;
        }

        (StoreStatus status, FragmentRow? row) = await FindAsync(label.Id.Value, cancellationToken);
        return status == StoreStatus.Done && row?.State == FragmentState.Live
            ? StoreStatus.Done
            : await AskAsync(put, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        StoreStatus status = StoreStatus.NotFound;
        for (int reads = 0; reads < ReadsMax; reads++)
        {
            (status, FragmentRow? row, FragmentLabel? label) = await FindLiveAsync(id, cancellationToken);
            if (status != StoreStatus.Done)
            {
                return status;
            }

            if (offset > label!.Length || destination.Length > label.Length - offset)
            {
                return StoreStatus.Refused;
            }

            status = await ReadAsync(row!, label, offset, destination, cancellationToken);

            if (status != StoreStatus.NotFound)
            {
                return status;
            }

            // It was dropped or moved while it was read: what the index says now counts.
        }

        return status;
    }

    /// <inheritdoc/>
    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (StoreStatus status, _, FragmentLabel? label) = await FindLiveAsync(id, cancellationToken);
        return (status, status == StoreStatus.Done ? label : null);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await AskAsync(new RemoveFragment(id.Value), cancellationToken);
    }

    /// <summary>Reads all of a fragment and its header, and deals with what is wrong: a scrub.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<StoreStatus> VerifyAsync(FragmentId id, CancellationToken cancellationToken) =>
        await GetAsync(id, 0, Memory<byte>.Empty, cancellationToken);

    /// <summary>Lists what is kept, damaged and lost ones included, in order of the ids.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="countMax">1 to <see cref="PageMax"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Empty at the end, or if it is not done.</returns>
    public ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListAsync(
        FragmentId? after, int countMax, CancellationToken cancellationToken) =>
        ListAsync(index => index.Page(after?.Value, Math.Clamp(countMax, 1, PageMax)), cancellationToken);

    /// <summary>Lists what is kept of a vault, in order of the stripes.</summary>
    /// <param name="vault">The vault's id.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="countMax">1 to <see cref="PageMax"/>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Empty at the end, or if it is not done.</returns>
    public ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListVaultAsync(
        Digest vault, FragmentLabel? after, int countMax, CancellationToken cancellationToken)
    {
        StripePosition? position = null;
        if (after is not null)
        {
            byte[] stripe = new byte[FragmentRow.StripeIdSize];
            after.Stripe.CopyTo(stripe);
            position = new StripePosition(stripe, after.Id.Value);
        }

        return ListAsync(
            index => index.PageOfVault(vault, position, Math.Clamp(countMax, 1, PageMax)), cancellationToken);
    }

    private async ValueTask<(StoreStatus Status, IReadOnlyList<StoredFragment> Page)> ListAsync(
        Func<IFragmentIndex, IReadOnlyList<FragmentRow>> list, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        (StoreStatus status, IReadOnlyList<FragmentRow>? rows) = await AskIndexAsync(list, cancellationToken);
        List<StoredFragment> page = [];
        foreach (FragmentRow row in rows ?? [])
        {
            if (LabelOf(row) is { } label)
            {
                page.Add(new StoredFragment(label, row.State, row.StoredAt));
            }
        }

        return (status, page);
    }

    private async ValueTask<(StoreStatus Status, FragmentRow? Row, FragmentLabel? Label)> FindLiveAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        (StoreStatus status, FragmentRow? row) = await FindAsync(id.Value, cancellationToken);
        if (status != StoreStatus.Done)
        {
            return (status, null, null);
        }

        return row switch
        {
            null or { State: FragmentState.Lost } => (StoreStatus.NotFound, null, null),
            { State: FragmentState.Quarantined } => (StoreStatus.Corrupt, null, null),
            _ when LabelOf(row) is { } label => (StoreStatus.Done, row, label),
            _ => (StoreStatus.Corrupt, null, null),
        };
    }

    private static FragmentLabel? LabelOf(FragmentRow row) =>
        FragmentLabel.TryDecode(row.Label.Span, out FragmentLabel? label) ? label : null;

    private async ValueTask<(StoreStatus Status, FragmentRow? Row)> FindAsync(
        Digest id, CancellationToken cancellationToken) =>
        await AskIndexAsync(index => index.Find(id), cancellationToken);

    /// <returns>Nothing, and that it is done, if there is no storage yet.</returns>
    private async ValueTask<(StoreStatus Status, T? Answer)> AskIndexAsync<T>(
        Func<IFragmentIndex, T> ask, CancellationToken cancellationToken)
    {
        if (desk.View.Index is not { } index)
        {
            return desk.Figures.State == StorageState.Empty
                ? (StoreStatus.Done, default)
                : (StoreStatus.Unreachable, default);
        }

        try
        {
            T answer = await desk.Lanes.RunAsync(() => ask(index))
                .WaitAsync(desk.Options.DiskTimeout, desk.Time, cancellationToken);
            return (StoreStatus.Done, answer);
        }
        catch (JournalException failure)
        {
            supervisor.Tell(new IndexFailed(failure));
            return (StoreStatus.Unreachable, default);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or TimeoutException)
        {
            return (StoreStatus.Unreachable, default);
        }
    }

    private async ValueTask<StoreStatus> ReadAsync(
        FragmentRow row,
        FragmentLabel label,
        int offset,
        Memory<byte> destination,
        CancellationToken cancellationToken)
    {
        if (!desk.View.Volumes.TryGetValue(row.Place.Volume, out VolumeSeat? seat))
        {
            return StoreStatus.Unreachable;
        }

        int openings = seat.Access.Openings;
        try
        {
            (SlotRead read, RentedBytes bytes) =
                await seat.Access.ReadAsync(row, label, offset, destination.Length, cancellationToken);
            using (bytes)
            {
                if (read is not (SlotRead.Whole or SlotRead.HeaderDamaged))
                {
                    return await QuarantineAsync(row, label, read, cancellationToken);
                }

                bytes.Memory.CopyTo(destination);
            }

            if (read == SlotRead.HeaderDamaged)
            {
                supervisor.Tell(new DamageFound(row, label, DamageKind.Header));
            }

            return StoreStatus.Done;
        }
        catch (Exception failure) when (
            failure is BreakerOpenException or TimeoutException or VolumeClosedException or ObjectDisposedException)
        {
            return StoreStatus.Unreachable;
        }
        catch (IOException failure)
        {
            seat.Worker.Tell(new DiskFailed(failure, openings));
            return StoreStatus.Unreachable;
        }
    }

    /// <returns>Not found if it is not there any more: what was read was of something else then.</returns>
    private async ValueTask<StoreStatus> QuarantineAsync(
        FragmentRow row, FragmentLabel label, SlotRead read, CancellationToken cancellationToken)
    {
        // It is told on the thread of the index: who waits may give up, and the count must be right all the same.
        (StoreStatus status, bool isQuarantined) = await AskIndexAsync(
            index =>
            {
                bool isNew = index.Quarantine(row.Id, row.Place);
                if (isNew)
                {
                    desk.NoteCorruptRead();
                    DamageKind kind = read == SlotRead.Unreadable ? DamageKind.Unreadable : DamageKind.Content;
                    supervisor.Tell(new DamageFound(row, label, kind));
                }

                return isNew;
            },
            cancellationToken);
        return status != StoreStatus.Done ? status
            : isQuarantined ? StoreStatus.Corrupt
            : StoreStatus.NotFound;
    }

    private async ValueTask<StoreStatus> AskAsync(object message, CancellationToken cancellationToken)
    {
        try
        {
            StoreAnswer answer = await supervisor.Ask<StoreAnswer>(
                message, desk.Options.DiskTimeout * 3, cancellationToken);
            return answer.Status;
        }
        catch (Exception failure) when (failure is AskTimeoutException or AskTargetTerminatedException)
        {
            return StoreStatus.Unreachable;
        }
    }
}
