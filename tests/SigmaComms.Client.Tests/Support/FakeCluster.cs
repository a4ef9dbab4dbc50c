using SigmaComms.Client.Links;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;
using SigmaComms.Transport.Links;

namespace SigmaComms.Client.Tests.Support;

/// <summary>
/// A cluster in memory that speaks the real link protocol with clients and does to them what a bad day would.
/// Its storage is one; its nodes are only ways in.
/// </summary>
internal sealed class FakeCluster
{
    private readonly Lock _gate = new();
    private readonly SeededRandom _random;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, AccountRecord> _names = [];
    private readonly Dictionary<NodeId, Queue<ReadOnlyMemory<byte>>> _oneTime = [];
    private readonly Dictionary<NodeId, ReadOnlyMemory<byte>> _lastResort = [];
    private readonly Dictionary<NodeId, ReadOnlyMemory<byte>> _lastBundle = [];
    private readonly List<(NodeId Recipient, Delivery Delivery)> _history = [];
    private readonly Dictionary<NodeId, List<Delivery>> _mailboxes = [];
    private readonly Dictionary<NodeId, LinkConnection> _subscribers = [];
    private readonly Dictionary<Digest16, HashSet<string>> _seen = [];
    private readonly List<(NodeId Device, FakeNode Node, LinkConnection Link)> _links = [];

    public FakeCluster(ulong seed, TimeProvider time, int nodes = 3)
    {
        _random = new SeededRandom(seed);
        _time = time;
        Cluster = ClusterId.Create(_random);
        Operator = new MlDsa65SigningKey(_random.Bytes(32));
        DateTimeOffset notAfter = time.GetUtcNow().AddDays(365);
        Nodes = [.. Enumerable.Range(1, nodes).Select(
            i => FakeNode.Create($"n{i}:1", Operator, Cluster, notAfter, _random))];
    }

    public ClusterId Cluster { get; }

    public MlDsa65SigningKey Operator { get; }

    public IReadOnlyList<FakeNode> Nodes { get; }

    public FaultPlan Faults { get; } = new();

    /// <summary>The control log; null before a test begins one.</summary>
    public FakeLog? Log { get; private set; }

    /// <summary>Fragments on all nodes.</summary>
    public int FragmentCount => Nodes.Sum(node => node.Storage.Store.Count);

    /// <summary>Every ciphertext that ever reached the cluster, by message, as it is now.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen.Values.Select(static ciphertexts => ciphertexts.ToArray())];
            }
        }
    }

    public int Deposits { get; private set; }

    public int TooFastAnswers { get; private set; }

    public int LastResortHandedOut { get; private set; }

    /// <summary>What the mailbox keeps in place of a message; null for nothing at all.</summary>
    public Func<NodeId, Delivery, Delivery?> Tamper { get; set; } = static (_, delivery) => delivery;

    /// <summary>While set, the bundle that was handed out last is handed out, once more.</summary>
    public bool RepeatsBundle { get; set; }

    /// <summary>While set, nobody gets an answer to a request for a bundle.</summary>
    public bool HoldsBundles { get; set; }

    public int BundlesHandedOut { get; private set; }

    public ClusterProfile Profile(params int[] order) => new(
        Cluster,
        Operator.PublicKey,
        [.. (order.Length == 0 ? Enumerable.Range(0, Nodes.Count) : order).Select(i => Nodes[i].Endpoint)])
    {
        Log = Log?.Anchor,
    };

    /// <summary>From now on the cluster has a control log, whose founders are its nodes and one more.</summary>
    public FakeLog BeginLog() => Log = FakeLog.Of(this, _random);

    public int Waiting(NodeId device)
    {
        lock (_gate)
        {
            return _mailboxes.TryGetValue(device, out List<Delivery>? held) ? held.Count : 0;
        }
    }

    public int OneTimeLeft(NodeId device)
    {
        lock (_gate)
        {
            return _oneTime.TryGetValue(device, out Queue<ReadOnlyMemory<byte>>? left) ? left.Count : 0;
        }
    }

    public void DropOneTime(NodeId device)
    {
        lock (_gate)
        {
            _oneTime.Remove(device);
        }
    }

    /// <summary>Gives a name to another account, as a lying directory would.</summary>
    public void Rebind(AccountRecord record)
    {
        lock (_gate)
        {
            _names[record.Name] = record;
        }
    }

    /// <summary>Puts something into a mailbox that no client of ours made.</summary>
    public async Task InjectAsync(NodeId recipient, NodeId sender, byte[] blob)
    {
        var delivery = new Delivery(sender, Digest16.Random(_random), blob);
        lock (_gate)
        {
            Mailbox(recipient).Add(delivery);
        }

        await PushAsync(recipient, delivery.MessageId);
    }

    /// <summary>Pushes what a device was ever sent to it again, round after round, under new names.</summary>
    public async Task ReplayAsync(NodeId device, int count)
    {
        Delivery[] old;
        LinkConnection link;
        lock (_gate)
        {
            old = [.. _history.Where(sent => sent.Recipient == device).Select(static sent => sent.Delivery)];
            link = _subscribers[device];
        }

        for (int i = 0; i < count; i++)
        {
            await TryPushAsync(link, old[i % old.Length] with { MessageId = Digest16.Random(_random) });
        }
    }

    /// <summary>Breaks all links of a device, or of all.</summary>
    public void CutLinks(NodeId? device = null)
    {
        LinkConnection[] cut;
        lock (_gate)
        {
            cut = [.. _links.Where(link => device is null || link.Device == device).Select(link => link.Link)];
            _links.RemoveAll(link => device is null || link.Device == device);
        }

        foreach (LinkConnection link in cut)
        {
            link.Abort("cut by the test");
        }
    }

    /// <summary>The node dies with its links.</summary>
    public void Kill(FakeNode node)
    {
        LinkConnection[] cut;
        lock (_gate)
        {
            node.IsDown = true;
            cut = [.. _links.Where(link => link.Node == node).Select(link => link.Link)];
            _links.RemoveAll(link => link.Node == node);
        }

        foreach (LinkConnection link in cut)
        {
            link.Abort("killed by the test");
        }
    }

    public DialedChannel Accept(string endpoint, NodeId device)
    {
        FakeNode? node = Nodes.FirstOrDefault(known => known.Endpoint == endpoint);
        if (node is null || node.IsDown)
        {
            throw new LinkException(LinkFailure.Unreachable, $"nobody at {endpoint}");
        }

        (MemoryPipe client, MemoryPipe server) = MemoryPipe.Pair();
        var link = new LinkConnection(server, device, new LinkOptions { Time = _time });
        link.OnMessage = (message, reply) => OnMessageAsync(node, device, link, message, reply);
        lock (_gate)
        {
            _links.Add((device, node, link));
        }

        link.Start();
        return new DialedChannel(
            client, node.PublicKey, new LinkHandshake("fake", "fake", "fake", 1, 2, TimeSpan.FromMilliseconds(3)));
    }

    private async ValueTask OnMessageAsync(
        FakeNode node, NodeId device, LinkConnection link, LinkMessage message, ReplyTo? reply)
    {
        if (node.IsFrozen)
        {
            await Task.Delay(TimeSpan.FromHours(1), _time);
            return;
        }

        if (node.Answers is { } answers && reply is not null && await answers(message) is { } own)
        {
            await reply.AnswerAsync(own);
            return;
        }

        if (message is not (Hello or Subscribe) && Roll(Faults.Cut))
        {
            link.Abort("cut by chance");
            return;
        }

        if (message is Acknowledge acknowledge)
        {
            lock (_gate)
            {
                Mailbox(device).RemoveAll(held => acknowledge.MessageIds.Contains(held.MessageId));
            }

            return;
        }

        if (message is Hello && node.PushesEarly)
        {
            await TryPushAsync(link, new Delivery(device, Digest16.Random(_random), new byte[10]));
        }

        if (message is FetchBundle && HoldsBundles)
        {
            await Task.Delay(TimeSpan.FromHours(1), _time);
            return;
        }

        LinkMessage? answer = await node.Storage.AnswerAsync(message) ?? Answer(node, device, link, message);
        if (answer is null)
        {
            link.Abort("the answer was lost");
            return;
        }

        await reply!.AnswerAsync(answer);
        if (message is Subscribe)
        {
            await PushAllAsync(device, link);
        }
        else if (message is Deposit { } deposit && answer is Done)
        {
            await PushAsync(deposit.Recipient, deposit.MessageId);
        }
    }

    private LinkMessage? Answer(FakeNode node, NodeId device, LinkConnection link, LinkMessage message)
    {
        lock (_gate)
        {
            return message switch
            {
                Hello => new Welcome(Cluster, 1, node.Admission.Encoded),
                Ping => new Pong(),
                PublishAccount publish => Publish(publish),
                FetchAccount fetch => Find(node, fetch),
                GetLogProof ask => node.Prove(Log, ask),
                PublishPrekeys publish => Publish(device, publish),
                CountPrekeys count => new PrekeysStored(
                    Faults.PrekeysClaimed ?? (uint)OneTime(count.Device).Count),
                FetchBundle fetch => TakeBundle(fetch.Device),
                Deposit deposit => Store(device, deposit),
                Subscribe => Subscribed(device, link),
                GetStorageNodes => new StorageNodes(
                    1,
                    [
                        .. Nodes.Select(each => new StorageNodeStatus(
                            each.Id, each.Admission.Name, each.Endpoint, "", 1, 0, 0)),
                    ]),
                GetClusterStatus => new ClusterStatus(NodeId.Of(node.PublicKey.Span), []),
                _ => new Refused(RefusalReason.UnknownMessage, "not in this test"),
            };
        }
    }

    private LinkMessage Publish(PublishAccount publish)
    {
        if (!AccountRecord.TryDecode(publish.Record.Span, out AccountRecord? record))
        {
            return new Refused(RefusalReason.BadSignature, "not signed");
        }

        if (_names.TryGetValue(record.Name, out AccountRecord? known) && known.AccountId != record.AccountId)
        {
            return new Refused(RefusalReason.NameTaken, $"{record.Name} is taken");
        }

        _names[record.Name] = record;
        return Log?.Take(record) ?? new Done();
    }

    private LinkMessage Find(FakeNode node, FetchAccount fetch)
    {
        if (node.IsBusy)
        {
            return new Refused(RefusalReason.Overloaded, "busy");
        }

        if (node.DeniesAccounts)
        {
            return new Refused(RefusalReason.NotFound, "denied");
        }

        if (node.LiesWith is { } lie && (fetch.Name == lie.Name || fetch.Account == lie.AccountId))
        {
            return new AccountFound(lie.Encoded);
        }

        AccountRecord? found = fetch.Name is not null
            ? _names.GetValueOrDefault(fetch.Name)
            : _names.Values.FirstOrDefault(record => record.AccountId == fetch.Account);
        return found is null ? new Refused(RefusalReason.NotFound, "no such account") : new AccountFound(found.Encoded);
    }

    private PrekeysStored Publish(NodeId device, PublishPrekeys publish)
    {
        Queue<ReadOnlyMemory<byte>> oneTime = OneTime(device);
        if (!publish.LastResort.IsEmpty)
        {
            _lastResort[device] = publish.LastResort;
        }

        foreach (ReadOnlyMemory<byte> bundle in publish.OneTime)
        {
            oneTime.Enqueue(bundle);
        }

        return new PrekeysStored((uint)oneTime.Count);
    }

    private LinkMessage TakeBundle(NodeId device)
    {
        BundlesHandedOut++;
        if (RepeatsBundle && _lastBundle.TryGetValue(device, out ReadOnlyMemory<byte> again))
        {
            RepeatsBundle = false;
            return new BundleFound(again);
        }

        if (OneTime(device).TryDequeue(out ReadOnlyMemory<byte> bundle))
        {
            _lastBundle[device] = bundle;
            return new BundleFound(bundle);
        }

        if (_lastResort.TryGetValue(device, out ReadOnlyMemory<byte> lastResort))
        {
            LastResortHandedOut++;
            return new BundleFound(lastResort);
        }

        return new Refused(RefusalReason.NotFound, "no prekeys");
    }

    private LinkMessage? Store(NodeId sender, Deposit deposit)
    {
        if (_time.GetUtcNow() < Faults.TooFastUntil)
        {
            TooFastAnswers++;
            TimeSpan wait = Faults.TooFastUntil - _time.GetUtcNow();
            return new Refused(RefusalReason.TooFast, "slower") { RetryAfter = wait };
        }

        if (Faults.RefuseNext > 0)
        {
            Faults.RefuseNext--;
            return new Refused(RefusalReason.Unavailable, "refused by the test");
        }

        if (RollUnlocked(Faults.Refuse))
        {
            return new Refused(RefusalReason.Unavailable, "refused by chance");
        }

        Deposits++;
        _seen.TryAdd(deposit.MessageId, []);
        _seen[deposit.MessageId].Add(Digest.Sha256(deposit.Blob.Span).ToString());
        List<Delivery> mailbox = Mailbox(deposit.Recipient);
        if (mailbox.All(held => held.MessageId != deposit.MessageId))
        {
            var delivery = new Delivery(sender, deposit.MessageId, deposit.Blob.ToArray());
            _history.Add((deposit.Recipient, delivery));
            if (Tamper(deposit.Recipient, delivery) is { } kept)
            {
                mailbox.Add(kept);
            }
        }

        return RollUnlocked(Faults.LoseAnswer) ? null : new Done();
    }

    private Done Subscribed(NodeId device, LinkConnection link)
    {
        _subscribers[device] = link;
        return new Done();
    }

    private async ValueTask PushAllAsync(NodeId device, LinkConnection link)
    {
        Delivery[] held;
        lock (_gate)
        {
            held = [.. Mailbox(device).OrderBy(_ => RollUnlocked(Faults.Delay) ? _random.Below(100) : 0)];
        }

        foreach (Delivery delivery in held)
        {
            await TryPushAsync(link, delivery);
        }
    }

    private async ValueTask PushAsync(NodeId device, Digest16 id)
    {
        if (Roll(Faults.Delay))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Below(200)), _time);
        }

        LinkConnection? link;
        Delivery? delivery;
        lock (_gate)
        {
            link = _subscribers.GetValueOrDefault(device);
            delivery = Mailbox(device).FirstOrDefault(held => held.MessageId == id);
        }

        if (link is not null && delivery is not null)
        {
            await TryPushAsync(link, delivery);
            if (Roll(Faults.Duplicate))
            {
                await TryPushAsync(link, delivery);
            }
        }
    }

    private static async ValueTask TryPushAsync(LinkConnection link, Delivery delivery)
    {
        try
        {
            await link.SendAsync(delivery, CancellationToken.None);
        }
        catch (LinkException)
        {
            // The reader is gone; it gets the message at its next subscription.
        }
    }

    private List<Delivery> Mailbox(NodeId device) =>
        _mailboxes.TryGetValue(device, out List<Delivery>? held) ? held : _mailboxes[device] = [];

    private Queue<ReadOnlyMemory<byte>> OneTime(NodeId device) =>
        _oneTime.TryGetValue(device, out Queue<ReadOnlyMemory<byte>>? bundles) ? bundles : _oneTime[device] = [];

    private bool Roll(double chance)
    {
        lock (_gate)
        {
            return RollUnlocked(chance);
        }
    }

    private bool RollUnlocked(double chance) => chance > 0 && _random.Chance(chance);
}
