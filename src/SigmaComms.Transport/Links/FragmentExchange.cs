using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// Fragments over one link: cut into parts, several of which are on their way at once. Nothing of the caller's is used
/// after the answer, not even when the caller gives up.
/// </summary>
/// <remarks>Safe to call from any thread.</remarks>
/// <param name="link">The link; stays the caller's.</param>
/// <param name="window">How much may be on its way at once.</param>
/// <param name="patience">How long the answer to one part may take.</param>
public sealed class FragmentExchange(LinkConnection link, FragmentWindow window, TimeSpan patience)
{
    private const int PartsAhead = 4;

    private readonly ByteWindow _puts = new(window.PutBytes);
    private readonly ByteWindow _reads = new(window.ReadBytes);

    /// <summary>The link.</summary>
    public LinkConnection Link => link;

    /// <summary>Puts a fragment.</summary>
    /// <param name="label">Its encoded label.</param>
    /// <param name="fragment">Its bytes, at least one.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null once the peer keeps it durably; else why not.</returns>
    /// <exception cref="LinkException">The link ended, or no answer in time, or not one that fits.</exception>
    public async ValueTask<Refused?> PutAsync(
        ReadOnlyMemory<byte> label, ReadOnlyMemory<byte> fragment, CancellationToken ct)
    {
        bool isShort = fragment.Length <= LinkLimits.FragmentPartBytes;
        long taken = await _puts.TakeAsync(label.Length + fragment.Length, ct);
        try
        {
            return isShort
                ? await PutPartAsync(label, fragment, 0, ct)
                : await InPartsAsync(
                    fragment.Length, (at, length) => PutPartAsync(label, fragment.Slice(at, length), at, ct));
        }
        finally
        {
            _puts.Give(taken);
        }
    }

    /// <summary>Reads a range of a fragment.</summary>
    /// <param name="fragment">Its id.</param>
    /// <param name="offset">Where it begins, at least 0.</param>
    /// <param name="destination">Filled whole, or of no meaning after a refusal; not written after the answer.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if the destination is filled; else why not.</returns>
    /// <exception cref="LinkException">The link ended, or no answer in time, or not one that fits.</exception>
    public async ValueTask<Refused?> GetAsync(
        Digest fragment, int offset, Memory<byte> destination, CancellationToken ct) =>
        await InPartsAsync(
            destination.Length,
            (at, length) => GetPartAsync(fragment, (uint)offset + (uint)at, destination.Slice(at, length), ct));

    /// <summary>Asks what a fragment is.</summary>
    /// <param name="fragment">Its id.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The description or a refusal.</returns>
    /// <exception cref="LinkException">The link ended, or no answer in time, or not one that fits.</exception>
    public async ValueTask<LinkMessage> DescribeAsync(Digest fragment, CancellationToken ct) =>
        await link.RequestAsync(new DescribeFragment(fragment), patience, ct) switch
        {
            FragmentDescription description => description,
            LinkMessage other => RefusalOf(other),
        };

    /// <summary>Drops a fragment.</summary>
    /// <param name="fragment">Its id.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>Null if it is gone; else why not.</returns>
    /// <exception cref="LinkException">The link ended, or no answer in time, or not one that fits.</exception>
    public async ValueTask<Refused?> DeleteAsync(Digest fragment, CancellationToken ct) =>
        await link.RequestAsync(new DeleteFragment(fragment), patience, ct) is var answer and not Done
            ? RefusalOf(answer)
            : null;

    /// <summary>Asks for one part after the other, some ahead; after the first refusal for no more.</summary>
    private static async ValueTask<Refused?> InPartsAsync(
        int length, Func<int, int, ValueTask<Refused?>> askAsync)
    {
        Queue<Task<Refused?>> ahead = [];
        try
        {
            int next = 0;
            do
            {
                int part = Math.Min(LinkLimits.FragmentPartBytes, length - next);
                ahead.Enqueue(askAsync(next, part).AsTask());
                next += part;
                while (ahead.Count == PartsAhead || (ahead.Count > 0 && next == length))
                {
                    Task<Refused?> first = ahead.Dequeue();
                    if (await first is { } refusal)
                    {
                        return refusal;
                    }
                }
            }
            while (next < length);

            return null;
        }
        finally
        {
            foreach (Task<Refused?> left in ahead)
            {
                await EndAsync(left);
            }
        }
    }

    private static async Task EndAsync(Task<Refused?> left)
    {
        try
        {
            await left;
        }
        catch (Exception error) when (error is LinkException or OperationCanceledException)
        {
            // What the first of them said counts.
        }
    }

    private async ValueTask<Refused?> PutPartAsync(
        ReadOnlyMemory<byte> label, ReadOnlyMemory<byte> part, int offset, CancellationToken ct)
    {
        // Who gives up uses the bytes for something else, which must not be what is written: the link has a copy.
        RentedBytes copy = RentedBytes.CopyOf(part.Span);
        LinkMessage answer = await link.RequestAsync(
            new PutFragment(label, (uint)offset, copy.Memory) { Room = copy }, patience, ct);
        return answer is Done ? null : RefusalOf(answer);
    }

    private async ValueTask<Refused?> GetPartAsync(
        Digest fragment, uint offset, Memory<byte> destination, CancellationToken ct)
    {
        long taken = await _reads.TakeAsync(destination.Length, ct);
        try
        {
            LinkMessage answer = await link.RequestAsync(
                new GetFragment(fragment, offset, (uint)destination.Length), patience, ct);
            using FragmentPart? part = answer as FragmentPart;
            if (part is null)
            {
                return RefusalOf(answer);
            }

            if (part.Content.Length != destination.Length)
            {
                throw new LinkException(
                    LinkFailure.Unexpected,
                    $"{destination.Length} bytes of a fragment were asked for, {part.Content.Length} came");
            }

            part.Content.CopyTo(destination);
            return null;
        }
        finally
        {
            _reads.Give(taken);
        }
    }

    private static Refused RefusalOf(LinkMessage answer) => answer as Refused ?? throw new LinkException(
        LinkFailure.Unexpected, $"a request for a fragment was answered with {answer.GetType().Name}");
}
