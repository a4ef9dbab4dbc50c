using System.IO.Pipelines;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Transport.Links;

/// <summary>
/// The dialling side's loop that gives a long link a new handshake in time. A peer that does not know renewals is left
/// alone; when a renewal fails, the link goes on over its connection and it is tried again.
/// </summary>
internal sealed class LinkRenewal(LinkConnection link, LinkFreshness freshness, TimeProvider time)
{
    /// <summary>How long one renewal may take, from the offer to the end of the old connection's use.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private const int AgeMaxIntervals = 4;
    private const double SpreadFraction = 0.1;

    private long _freshAt = time.GetTimestamp();

    /// <summary>Runs until the link ends.</summary>
    /// <param name="stop">The link ends.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            bool goesOn = true;
            while (goesOn)
            {
                // A bit earlier for some than for others, so that links made at one time are not renewed at one time.
                await Task.Delay(freshness.Interval * (1 - (SpreadFraction * Fraction())), time, stop);
                goesOn = await RenewAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The link has ended.
        }
        catch (Exception error)
        {
            // The loop supervises what it was given to dial and judge with; a bug there must not leave an old link.
            link.Fail(error);
        }
    }

    private async Task<bool> RenewAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                bool isKnown = await TryRenewAsync(stop);
                _freshAt = time.GetTimestamp();
                return isKnown;
            }
            catch (Exception failed) when (failed is LinkException
                || (failed is OperationCanceledException && !stop.IsCancellationRequested))
            {
                if (time.GetElapsedTime(_freshAt) >= freshness.Interval * AgeMaxIntervals)
                {
                    link.BeginClose(RefusalReason.TimedOut, $"the link could not be renewed: {failed.Message}");
                    return false;
                }
            }

            await Task.Delay(freshness.Interval / 15, time, stop);
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken stop)
    {
        using var late = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        Digest16 token = Digest16.Random(freshness.Random);
        LinkMessage offered = await link.RequestAsync(new OfferRenewal(token), Timeout, either.Token);
        if (offered is Refused refused)
        {
            return refused.Reason == RefusalReason.UnknownMessage ? false : throw new LinkException(refused);
        }

        (IDuplexPipe pipe, NodeId peer) = await freshness.DialAsync(either.Token);
        var next = new LinkTransport(pipe);
        try
        {
            if (peer != link.PeerId)
            {
                throw new LinkException(LinkFailure.Unexpected, "another peer answers in its place");
            }

            freshness.Check(await LinkGreeting.AskAsync(pipe, new Renew(token, freshness.Admission), either.Token));
        }
        catch
        {
            await next.CloseAsync();
            throw;
        }

        await link.MoveAsync(next, Timeout, stop);
        return true;
    }

    private double Fraction()
    {
        Span<byte> bytes = stackalloc byte[2];
        freshness.Random.Fill(bytes);
        return ((bytes[0] << 8) | bytes[1]) / 65_536.0;
    }
}
