namespace SigmaComms.Messaging.Links;

/// <summary>The one registry of what may travel on a link: permanent number to reader.</summary>
internal static class LinkRegistry
{
    private static readonly Dictionary<LinkMessageId, LinkBodyReader> Readers = new()
    {
        [LinkMessageId.Hello] = Hello.Read,
        [LinkMessageId.Welcome] = Welcome.Read,
        [LinkMessageId.Refused] = Refused.Read,
        [LinkMessageId.Ping] = Ping.Read,
        [LinkMessageId.Pong] = Pong.Read,
        [LinkMessageId.Done] = Done.Read,
        [LinkMessageId.Goodbye] = Goodbye.Read,
        [LinkMessageId.Replaced] = Replaced.Read,
        [LinkMessageId.OfferRenewal] = OfferRenewal.Read,
        [LinkMessageId.Renew] = Renew.Read,
        [LinkMessageId.Moved] = Moved.Read,
        [LinkMessageId.PublishAccount] = PublishAccount.Read,
        [LinkMessageId.FetchAccount] = FetchAccount.Read,
        [LinkMessageId.AccountFound] = AccountFound.Read,
        [LinkMessageId.PublishPrekeys] = PublishPrekeys.Read,
        [LinkMessageId.PrekeysStored] = PrekeysStored.Read,
        [LinkMessageId.CountPrekeys] = CountPrekeys.Read,
        [LinkMessageId.FetchBundle] = FetchBundle.Read,
        [LinkMessageId.BundleFound] = BundleFound.Read,
        [LinkMessageId.Deposit] = Deposit.Read,
        [LinkMessageId.Subscribe] = Subscribe.Read,
        [LinkMessageId.Delivery] = Delivery.Read,
        [LinkMessageId.Acknowledge] = Acknowledge.Read,
        [LinkMessageId.PutChunk] = PutChunk.Read,
        [LinkMessageId.GetChunk] = GetChunk.Read,
        [LinkMessageId.Chunk] = Chunk.Read,
        [LinkMessageId.GetClusterStatus] = GetClusterStatus.Read,
        [LinkMessageId.ClusterStatus] = ClusterStatus.Read,
        [LinkMessageId.GetLogProof] = GetLogProof.Read,
        [LinkMessageId.LogProof] = LogProof.Read,
        [LinkMessageId.JoinRequest] = JoinRequest.Read,
        [LinkMessageId.JoinAccepted] = JoinAccepted.Read,
        [LinkMessageId.MembershipGossip] = MembershipGossip.Read,
        [LinkMessageId.Heartbeat] = Heartbeat.Read,
        [LinkMessageId.ProveAlive] = ProveAlive.Read,
        [LinkMessageId.AliveProof] = AliveProof.Read,
        [LinkMessageId.Store] = Store.Read,
        [LinkMessageId.OpenMailbox] = OpenMailbox.Read,
        [LinkMessageId.CloseMailbox] = CloseMailbox.Read,
        [LinkMessageId.MailboxDelivery] = MailboxDelivery.Read,
        [LinkMessageId.AcknowledgeAt] = AcknowledgeAt.Read,
        [LinkMessageId.MailboxReplaced] = MailboxReplaced.Read,
        [LinkMessageId.HoldingsOffer] = HoldingsOffer.Read,
        [LinkMessageId.HoldingsAnswer] = HoldingsAnswer.Read,
        [LinkMessageId.HandOver] = HandOver.Read,
        [LinkMessageId.StoreAccount] = StoreAccount.Read,
        [LinkMessageId.CommitAccount] = CommitAccount.Read,
        [LinkMessageId.StoreLastResort] = StoreLastResort.Read,
        [LinkMessageId.StorePrekeys] = StorePrekeys.Read,
        [LinkMessageId.TakePrekey] = TakePrekey.Read,
        [LinkMessageId.GetRecordSummary] = GetRecordSummary.Read,
        [LinkMessageId.RecordSummary] = RecordSummary.Read,
        [LinkMessageId.RecordPull] = RecordPull.Read,
        [LinkMessageId.Records] = Records.Read,
        [LinkMessageId.FindDevice] = FindDevice.Read,
        [LinkMessageId.OfferChunks] = OfferChunks.Read,
        [LinkMessageId.ChunksWanted] = ChunksWanted.Read,
        [LinkMessageId.ActorBatch] = ActorBatch.Read,
        [LinkMessageId.ControlFrame] = ControlFrame.Read,
        [LinkMessageId.GetMembers] = GetMembers.Read,
        [LinkMessageId.MembersPage] = MembersPage.Read,
    };

    /// <summary>Every registered number, in order.</summary>
    public static IReadOnlyList<LinkMessageId> Ids { get; } = [.. Readers.Keys.Order()];

    /// <summary>The reader of a message's body, or null if the number is not known.</summary>
    public static LinkBodyReader? Find(ushort id) => Readers.GetValueOrDefault((LinkMessageId)id);
}
