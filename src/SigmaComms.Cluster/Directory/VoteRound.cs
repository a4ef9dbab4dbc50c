using SigmaComms.Actors;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// Finds out whether a majority of the admitted nodes accepts an account record, by asking for their votes: that
/// another node says so is not enough, for it could bind a name behind the others' backs.
/// </summary>
internal sealed class VoteRound(NodeContext node, IActorRef directory)
{
    /// <summary>Asks this node and all that are linked; ends as soon as there are enough.</summary>
    /// <param name="record">The encoded record.</param>
    public async Task<bool> HasMajorityAsync(ReadOnlyMemory<byte> record)
    {
        int majority = node.View.Majority;
        var question = new StoreAccount(record);

        // Goes on in the turn of the vote that decides: a simulation's time does not wait for another thread.
        var reached = new TaskCompletionSource();
        int votes = 0;
        await Task.WhenAny(
            reached.Task, Task.WhenAll([AskSelfAsync(), .. node.Links.Peers.Select(peer => AskAsync(peer))]));
        return Volatile.Read(ref votes) >= majority;

        async Task AskSelfAsync()
        {
            try
            {
                Count(await directory.Ask<LinkMessage>(question, node.Options.RequestTimeout));
            }
            catch (Exception error) when (error is AskTimeoutException or AskTargetTerminatedException)
            {
                // No vote.
            }
        }

        async Task AskAsync(NodeId peer)
        {
            try
            {
                if (node.View.Members.ContainsKey(peer) && node.Links.Find(peer)?.Bulk is { } bulk)
                {
                    Count(await bulk.RequestAsync(question, node.Options.RequestTimeout, CancellationToken.None));
                }
            }
            catch (LinkException)
            {
                // No vote.
            }
        }

        void Count(LinkMessage answer)
        {
            if (answer is Done && Interlocked.Increment(ref votes) >= majority)
            {
                reached.TrySetResult();
            }
        }
    }
}
