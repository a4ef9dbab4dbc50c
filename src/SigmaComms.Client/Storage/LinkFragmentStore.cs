using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Storage;

/// <summary>A storage node's fragments, over a link of their own.</summary>
/// <remarks>
/// What the node gives is not to be believed before it is checked against the root; whoever gathers a stripe does.
/// </remarks>
/// <param name="way">The way to the node; stays the caller's.</param>
/// <param name="time">The clock.</param>
internal sealed class LinkFragmentStore(StorageLink way, TimeProvider time) : IFragmentStore
{
    /// <summary>How long a node may say that it is busy before it counts as unreachable.</summary>
    public static readonly TimeSpan BusyMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public async ValueTask<StoreStatus> PutAsync(
        FragmentLabel label, ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(label);
        cancellationToken.ThrowIfCancellationRequested();
        if (fragment.Length != label.Length)
        {
            return StoreStatus.Refused;
        }

        WireWriter encoded = new(64 + (64 * label.Siblings.Count));
        label.Write(encoded);
        ReadOnlyMemory<byte> written = encoded.WrittenMemory;
        return await AskAsync(
            exchange => exchange.PutAsync(written, fragment, cancellationToken), mayRepeat: true, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> GetAsync(
        FragmentId id, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        cancellationToken.ThrowIfCancellationRequested();
        return AskAsync(
            exchange => exchange.GetAsync(id.Value, offset, destination, cancellationToken),
            mayRepeat: true,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<(StoreStatus Status, FragmentLabel? Label)> DescribeAsync(
        FragmentId id, CancellationToken cancellationToken)
    {
        FragmentLabel? label = null;
        StoreStatus status = await AskAsync(
            async exchange =>
            {
                LinkMessage answer = await exchange.DescribeAsync(id.Value, cancellationToken);
                if (answer is FragmentDescription description
                    && (!FragmentLabel.TryDecode(description.Label.Span, out label) || label.Id != id))
                {
                    throw new LinkException(LinkFailure.Unexpected, "a fragment was described with another label");
                }

                return answer as Refused;
            },
            mayRepeat: true,
            cancellationToken);
        return status == StoreStatus.Done ? (status, label) : (status, null);
    }

    /// <inheritdoc/>
    public ValueTask<StoreStatus> DeleteAsync(FragmentId id, CancellationToken cancellationToken) => AskAsync(
        exchange => exchange.DeleteAsync(id.Value, cancellationToken), mayRepeat: false, cancellationToken);

    private async ValueTask<StoreStatus> AskAsync(
        Func<FragmentExchange, ValueTask<Refused?>> askAsync, bool mayRepeat, CancellationToken ct)
    {
        long start = time.GetTimestamp();
        while (await way.OpenAsync(ct) is { } exchange)
        {
            TimeSpan pause;
            try
            {
                Refused? refusal = await askAsync(exchange);
                way.Note(refusal is null ? "" : $"{refusal.Reason}: {refusal.Detail}");
                bool isBusy = refusal?.Reason is RefusalReason.TooFast or RefusalReason.Overloaded;
                if (!isBusy || time.GetElapsedTime(start) > BusyMax)
                {
                    return StatusOf(refusal);
                }

                pause = refusal!.RetryAfter > BusyPause ? refusal.RetryAfter : BusyPause;
            }
            catch (LinkException failed)
            {
                // The link may have been dead for long, unnoticed: over a new one the node may be there.
                way.Note(failed.Message);
                if (failed.Reason != LinkFailure.Dropped || !mayRepeat)
                {
                    return StoreStatus.Unreachable;
                }

                mayRepeat = false;
                pause = TimeSpan.Zero;
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, ct);
            }
        }

        return StoreStatus.Unreachable;
    }

    private static StoreStatus StatusOf(Refused? refusal) => refusal?.Reason switch
    {
        null => StoreStatus.Done,
        RefusalReason.NotFound => StoreStatus.NotFound,
        RefusalReason.FragmentCorrupt => StoreStatus.Corrupt,
        RefusalReason.StorageFull => StoreStatus.Full,
        RefusalReason.FragmentRefused or RefusalReason.NotAllowed or RefusalReason.Malformed
            or RefusalReason.TooLarge => StoreStatus.Refused,
        _ => StoreStatus.Unreachable,
    };
}
