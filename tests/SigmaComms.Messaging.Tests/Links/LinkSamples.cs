using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Messaging.Tests.Links;

/// <summary>One example of every message that may travel on a link, the same at every run.</summary>
internal static class LinkSamples
{
    private static readonly NodeId Alpha = new(Digest.Sha256("alpha"u8));
    private static readonly NodeId Beta = new(Digest.Sha256("beta"u8));
    private static readonly ClusterId Cluster = new(Id(0xC0));
    private static readonly ReadOnlyMemory<byte> Some = new byte[] { 1, 2, 3, 4, 5 };
    private static readonly MemberCredential Credential = new(Some, new byte[] { 9, 8 });
    private static readonly HeldMessage Held = new(Alpha, Id(7), 638_000_000_000_000_000, Some);
    private static readonly RecordHead Head = new(RecordKind.LastResort, Beta, 12);

    public static IReadOnlyList<LinkMessage> All { get; } =
    [
        new Hello(LinkLimits.Protocol, Cluster, LinkKind.Node, Lane.Bulk, 77, Some),
        new Welcome(Cluster, 78, Some),
        new Refused(RefusalReason.MailboxFull, "the mailbox is full"),
        new Ping(),
        new Pong(),
        new Done(),
        new Goodbye(RefusalReason.ShuttingDown, "stopping"),
        new Replaced(),
        new OfferRenewal(Id(4)),
        new Renew(Id(4), Some),
        new Moved(),
        new PublishAccount(Some),
        new FetchAccount("alpha", null),
        new AccountFound(Some),
        new PublishPrekeys(Alpha, Some, [Some, ReadOnlyMemory<byte>.Empty]),
        new PrekeysStored(99),
        new CountPrekeys(Alpha),
        new FetchBundle(Beta),
        new BundleFound(Some),
        new Deposit(Beta, Id(1), Some),
        new Subscribe(Beta),
        new Delivery(Alpha, Id(2), Some),
        new Acknowledge([Id(1), Id(2)]),
        new GetClusterStatus(),
        new ClusterStatus(
            Alpha, [new MemberStatus(Alpha, "n1", "127.0.0.1:7001", MemberState.Up, 77, 250, 3)]),
        new GetLogProof(3, 700, 41, "beta", Alpha),
        new LogProof(Some),
        new GetStateProof(3, 700, 41, 699, Alpha.Value, true, false),
        new PutFragment(Some, 524_288, new byte[] { 6, 7, 8 }),
        new GetFragment(Digest.Sha256("fragment"u8), 524_288, 4_096),
        new FragmentPart(Some),
        new DescribeFragment(Digest.Sha256("fragment"u8)),
        new FragmentDescription(Some),
        new DeleteFragment(Digest.Sha256("fragment"u8)),
        new GetStorageNodes(),
        new StorageNodes(
            9, [new StorageNodeStatus(Alpha, "n1", "127.0.0.1:7001", "rack-2", 100, 1UL << 40, 1UL << 39)]),
        new GetStorageReport(Alpha.Value, StorageCheck.Content),
        new StorageReport
        {
            Fragments = 600,
            Bytes = 157_286_400,
            Staged = 2,
            Quarantined = 1,
            Missing = 3,
            CheckedUtcTicks = 638_500_000_000_000_000,
            ScrubbedUtcTicks = 638_400_000_000_000_000,
            IsChecking = true,
            RepairQueue = 4,
            RebuiltFragments = 5,
            RebuiltBytes = 1_310_720,
        },
        new SubmitCommands(Some),
        new CommandsOrdered(700, [new OrderedCommand(1, Some), new OrderedCommand(4, default)]),
        new ReadVault(Alpha.Value, 12, 700, 20_000, IsLinearizable: true),
        new VaultPage(
            Standing,
            Digest.Sha256("before"u8),
            [
                new VaultPageEntry(Alpha, 3, 638_000_000_000_000_001, Some),
                new VaultPageEntry(Beta, 1, 638_000_000_000_000_002, Some),
            ]),
        new ListVaults(Alpha.Value),
        new VaultList([new VaultListing(Beta.Value, Standing)], IsLast: true),
        new JoinRequest(Credential),
        new JoinAccepted([Credential, Credential]),
        new MembershipGossip([Credential]),
        new Heartbeat(77, 3, 0, 5, true),
        new ProveAlive(Id(4)),
        new AliveProof(Some),
        new Store(Beta, Held),
        new OpenMailbox(Beta, 5, true),
        new CloseMailbox(Beta, 5),
        new MailboxDelivery(Beta, 5, Alpha, Id(2), Some),
        new AcknowledgeAt(Beta, [Id(2)]),
        new MailboxReplaced(Beta, 5),
        new HoldingsOffer(Beta, [Id(2), Id(3)]),
        new HoldingsAnswer([Id(2)], [Id(3)]),
        new HandOver(Beta, [Held]),
        new StoreAccount(Some),
        new CommitAccount(Some),
        new StoreLastResort(Beta, 12, Some),
        new StorePrekeys(Beta, [Some]),
        new TakePrekey(Beta),
        new GetRecordSummary(null),
        new RecordSummary([Head], true),
        new RecordPull([Head]),
        new Records([new DirectoryRecord(Head, Some)]),
        new FindDevice(Beta),
        new ActorBatch(
            77,
            78,
            [
                new ActorItem.Sent(1, 5, new ActorPointer(ActorOwner.SendingNode, 9), 0x10001, 2, Some),
                new ActorItem.Sent(2, 6, default, 3, 1, default),
                new ActorItem.NotTaken(4, ActorRefusal.UnknownMessage),
                new ActorItem.Resolve(8, "clock"),
                new ActorItem.Resolved(8, 11),
                new ActorItem.Step(1, ActorStep.Watch, 5),
                new ActorItem.StepsTaken(2),
            ]),
        new ControlFrame(Some),
        new GetMembers(Alpha),
        new MembersPage(View, [Credential], IsLast: true),
    ];

    /// <summary>Messages with the fields that a later version appended.</summary>
    public static IReadOnlyList<LinkMessage> Later { get; } =
    [
        new Refused(RefusalReason.StaleView, "the mailbox moved") { ViewNumber = 5 },
        new Store(Beta, Held) { Claim = Claim },
        new OpenMailbox(Beta, 5, true) { Claim = Claim },
        new HoldingsOffer(Beta, [Id(2)]) { Claim = Claim },
        new HandOver(Beta, [Held]) { Claim = Claim },
    ];

    private static VaultStanding Standing => new(
        700,
        638_000_000_000_000_000,
        Alpha,
        10,
        Digest.Sha256("first"u8),
        14,
        Digest.Sha256("head"u8),
        2,
        4_096,
        MayWrite: true,
        3);

    private static MembershipView View => new(4, Id(7));

    private static OwnershipClaim Claim => new(View, 2, [Alpha]);

    public static TheoryData<string> LaterNames => [.. Later.Select(sample => sample.GetType().Name)];

    public static TheoryData<string> Names => [.. All.Select(sample => sample.GetType().Name)];

    /// <summary>The sample with all fields that this version knows.</summary>
    public static LinkMessage Newest(string name) =>
        Later.FirstOrDefault(sample => sample.GetType().Name == name) ?? Named(name);

    public static LinkMessage Named(string name) => All.Single(sample => sample.GetType().Name == name);

    public static Digest16 Id(byte value)
    {
        byte[] bytes = new byte[Digest16.SizeBytes];
        Array.Fill(bytes, value);
        return new Digest16(bytes);
    }
}
