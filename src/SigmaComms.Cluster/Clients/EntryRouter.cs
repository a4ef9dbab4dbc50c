using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Control.Vaults;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Clients;

/// <summary>
/// What a node does for a client beyond its own store: it picks the nodes by rank in its present view, and answers
/// done only when enough of them said so.
/// </summary>
internal sealed class EntryRouter(NodeContext node, NodeRouter router, ControlLog? log)
{
    private const int NodesAskedMax = 8;

    private readonly DeviceLookup _devices = new(node, router);
    private readonly LogPublisher? _publisher = log is null ? null : new LogPublisher(log);
    private readonly LogProver? _prover = log is null ? null : new LogProver(log);
    private readonly MailboxPlacement _mailboxes = new(node, router);
    private readonly VaultDoor? _vaults = log is null ? null : new VaultDoor(node, log, new DeviceLookup(node, router));

    /// <summary>
    /// Stores a message on the first nodes by rank that take it. For a device that does not exist nothing is stored.
    /// </summary>
    /// <param name="sender">The device that deposits, as its channel proved it.</param>
    /// <param name="deposit">The message.</param>
    public async ValueTask<LinkMessage> DepositAsync(NodeId sender, Deposit deposit)
    {
        if (await _devices.ObjectionAsync(deposit.Recipient) is { } objection)
        {
            return objection;
        }

        var held = new HeldMessage(
            sender,
            deposit.MessageId,
            (ulong)(node.Time.GetUtcNow() + node.Options.TimeToLive).UtcTicks,
            deposit.Blob);
        return await _mailboxes.StoreAsync(deposit.Recipient, held);
    }

    /// <summary>
    /// Binds a name: first at one node that all agree on, then at a majority, then it is made visible, and where there
    /// is a control log, ordered in it.
    /// </summary>
    public async ValueTask<LinkMessage> PublishAccountAsync(PublishAccount publish)
    {
        if (!AccountRecord.TryDecode(publish.Record.Span, out AccountRecord? record))
        {
            return new Refused(RefusalReason.BadSignature, "the account record does not verify");
        }

        ClusterView view = node.View;
        NodeId[] nodes = [.. view.RankUp(Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(record.Name)).ToArray())];
        if (nodes.Length < view.Majority)
        {
            return Unavailable(nodes.Length, view.Majority);
        }

        // Two clients that race for a name meet at the same first node, so that the votes do not split.
        var request = new StoreAccount(publish.Record);
        LinkMessage first = await router.AskAsync(nodes[0], request);
        if (first is Refused { Reason: RefusalReason.NameTaken or RefusalReason.StaleVersion })
        {
            return first;
        }

        LinkMessage[] answers = [first, .. await AskAllAsync(nodes.Skip(1), request)];
        if (answers.Count(answer => answer is Done) < view.Majority)
        {
            return answers.OfType<Refused>().FirstOrDefault(
                refused => refused.Reason is RefusalReason.NameTaken or RefusalReason.StaleVersion)
                ?? Unavailable(answers.Count(answer => answer is Done), view.Majority);
        }

        LinkMessage[] commits = await AskAllAsync(nodes, new CommitAccount(publish.Record));
        if (!commits.Any(commit => commit is Done))
        {
            return commits[0];
        }

        return _publisher is null ? new Done() : await _publisher.PublishAsync(record);
    }

    /// <summary>Shows what the control log has, to a client that trusts the validators' keys alone.</summary>
    public async ValueTask<LinkMessage> ProveAsync(GetLogProof ask) => _prover is null
        ? new Refused(RefusalReason.NotFound, "this node has no part in a control log")
        : await _prover.AnswerAsync(ask);

    /// <summary>Shows where a vault stands or who the members are, to such a client.</summary>
    public async ValueTask<LinkMessage> ProveAsync(GetStateProof ask) => _prover is null
        ? new Refused(RefusalReason.NotFound, "this node has no part in a control log")
        : await _prover.AnswerAsync(ask);

    /// <summary>Has a client's commands to vaults ordered, or reads vaults in the control log for it.</summary>
    /// <param name="device">The client's device, as its channel proved it.</param>
    /// <param name="message">What it asks.</param>
    /// <param name="gone">Completes when the client is gone.</param>
    public async ValueTask<LinkMessage> AnswerVaultAsync(NodeId device, LinkMessage message, Task gone) =>
        _vaults is { } vaults
            ? await vaults.AnswerAsync(device, message, gone)
            : new Refused(
                RefusalReason.Unavailable, "this node has no part in a control log, so it serves no vaults");

    /// <summary>Finds an account here or on another node.</summary>
    public async ValueTask<LinkMessage> FetchAccountAsync(FetchAccount fetch)
    {
        if (fetch.Name is null == (fetch.Account is null))
        {
            return new Refused(RefusalReason.Malformed, "give either a name or an id");
        }

        LinkMessage here = await router.AskAsync(node.Self, fetch);
        byte[] key = fetch.Account is { } account
            ? account.Value.ToArray()
            : Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(fetch.Name!)).ToArray();
        return here is AccountFound
            ? here
            : await FirstAsync<AccountFound>(
                [.. node.View.RankUp(key).Where(other => other != node.Self)], fetch, here);
    }

    /// <summary>Keeps the last-resort bundle everywhere, and splits the one-time bundles over two nodes.</summary>
    /// <param name="devicePublicKey">The device's key, as its channel proved it.</param>
    /// <param name="publish">The bundles.</param>
    public async ValueTask<LinkMessage> PublishPrekeysAsync(
        ReadOnlyMemory<byte> devicePublicKey, PublishPrekeys publish)
    {
        DateTimeOffset now = node.Time.GetUtcNow();
        if ((!publish.LastResort.IsEmpty && !IsValid(publish.LastResort, devicePublicKey, now, lastResort: true))
            || !publish.OneTime.All(bundle => IsValid(bundle, devicePublicKey, now, lastResort: false)))
        {
            return new Refused(RefusalReason.BadSignature, "a prekey bundle does not verify or has expired");
        }

        NodeId[] ranked = [.. node.View.RankUp(publish.Device)];
        NodeId[] owners = [.. ranked.Take(2)];
        if (!publish.LastResort.IsEmpty)
        {
            LinkMessage[] kept = await AskAllAsync(
                node.View.RankUp(publish.Device),
                new StoreLastResort(publish.Device, 0, publish.LastResort));
            int done = kept.Count(answer => answer is Done);
            int need = Math.Min(node.Options.Copies, node.View.Count);
            if (done < need)
            {
                return kept.OfType<Refused>().FirstOrDefault() ?? Unavailable(done, need);
            }
        }

        for (int i = 0; i < owners.Length && publish.OneTime.Count > 0; i++)
        {
            ReadOnlyMemory<byte>[] part = [.. publish.OneTime.Where((_, index) => index % owners.Length == i)];
            LinkMessage answer = part.Length == 0
                ? new PrekeysStored(0)
                : await StorePartAsync([owners[i], .. ranked.Skip(2)], new StorePrekeys(publish.Device, part));
            if (answer is Refused { Reason: not RefusalReason.PrekeysFull } refused)
            {
                return refused;
            }
        }

        return await CountAsync(new CountPrekeys(publish.Device));
    }

    /// <summary>A node that missed the device's account cannot judge its bundles: the next one keeps them.</summary>
    private async ValueTask<LinkMessage> StorePartAsync(NodeId[] nodes, StorePrekeys part)
    {
        LinkMessage answer = new Refused(RefusalReason.Unavailable, "no node could be asked");
        foreach (NodeId target in nodes.Take(NodesAskedMax))
        {
            answer = await router.AskAsync(target, part);
            if (answer is not Refused { Reason: RefusalReason.Unavailable })
            {
                return answer;
            }
        }

        return answer;
    }

    /// <summary>Counts the one-time bundles on all nodes that can be asked.</summary>
    public async ValueTask<LinkMessage> CountAsync(CountPrekeys count)
    {
        LinkMessage[] answers = await AskAllAsync(node.View.RankUp(count.Device).Take(NodesAskedMax), count);

        // What another node says may be anything; more than a node keeps does not count.
        return new PrekeysStored((uint)answers.OfType<PrekeysStored>().Sum(
            answer => (long)Math.Min(answer.Remaining, ClusterNodeOptions.PrekeysPerDeviceLimit)));
    }

    /// <summary>Takes a one-time bundle from the first node that has one, else the last-resort bundle.</summary>
    public async ValueTask<LinkMessage> FetchBundleAsync(FetchBundle fetch)
    {
        IReadOnlyList<NodeId> nodes = node.View.RankUp(fetch.Device);
        LinkMessage taken = await FirstAsync<BundleFound>(nodes, new TakePrekey(fetch.Device));
        return taken is BundleFound ? taken : await FirstAsync<BundleFound>(nodes, fetch, taken);
    }

    /// <summary>This node's view of the cluster.</summary>
    public ClusterStatus Status() => new(
        node.Self, [.. node.View.Members.Values.Where(static member => !member.IsOut).Select(StatusOf)]);

    private MemberStatus StatusOf(Member member) => new(
        member.Id,
        member.Name,
        member.Announcement.Endpoints[0].ToString(),
        member.State,
        member.Incarnation,
        (uint)Math.Min(uint.MaxValue, member.RoundTrip.TotalMicroseconds),
        member.Id == node.Self ? (uint)node.Counters.Mailboxes : member.Mailboxes);

    private static bool IsValid(
        ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> publicKey, DateTimeOffset now, bool lastResort) =>
        PrekeyBundle.TryDecode(encoded.Span, out PrekeyBundle? bundle)
        && bundle.IsLastResort == lastResort && bundle.Verify(publicKey.Span, now);

    private static Refused Unavailable(int have, int need) => new(
        RefusalReason.Unavailable, $"{have} nodes can be used, {need} are needed; try again when more are up");

    private async ValueTask<LinkMessage> FirstAsync<T>(
        IReadOnlyList<NodeId> nodes, LinkMessage request, LinkMessage? otherwise = null)
        where T : LinkMessage
    {
        LinkMessage last = otherwise ?? new Refused(RefusalReason.Unavailable, "no node could be asked");
        foreach (NodeId target in nodes.Take(NodesAskedMax))
        {
            LinkMessage answer = await router.AskAsync(target, request);
            if (answer is T)
            {
                return answer;
            }

            if (answer is not Refused refused)
            {
                continue;
            }

            // That one node lacks it says more than that another could not be asked.
            last = last is Refused { Reason: RefusalReason.NotFound } ? last : refused;
        }

        return last;
    }

    private async ValueTask<LinkMessage[]> AskAllAsync(IEnumerable<NodeId> nodes, LinkMessage request) =>
        await Task.WhenAll(nodes.Select(target => router.AskAsync(target, request).AsTask()));
}
