using SigmaComms.Cluster.Attachments;
using SigmaComms.Cluster.Control;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Doors;

/// <summary>
/// Answers what clients and other nodes ask of this node's fragments. What goes wrong is a refusal; memory is bounded
/// for each link and for all together.
/// </summary>
/// <remarks>Safe to use from any thread.</remarks>
internal sealed class StorageDoor(NodeContext node)
{
    /// <summary>What a read holds at least: it costs the disk a whole slot, however little is wanted.</summary>
    public const int ReadBytesMin = 16 << 10;

    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(30);

    private readonly GuestBook _guests = new(node.Time);
    private ControlLog? _log;
    private StorageRights? _rights;

    /// <summary>
    /// Whether a fragment's stripe is dropped, so that other nodes may have it deleted here. Default: none is.
    /// </summary>
    public Func<FragmentLabel, bool> IsDropped { get; set; } = static _ => false;

    /// <summary>Who may put attachments here; null: this node cannot look after them, and takes none.</summary>
    public AttachmentRights? Attachments { get; set; }

    /// <summary>Bytes that all links together hold here.</summary>
    public long Held => _guests.Held;

    /// <summary>Whether a request is answered here.</summary>
    public static bool Takes(LinkMessage request) =>
        request is PutFragment or GetFragment or DescribeFragment or DeleteFragment or GetStorageNodes
            or GetStorageReport;

    /// <summary>Begins to answer.</summary>
    /// <param name="log">The control log on this node; null if it has none.</param>
    public void Open(ControlLog? log)
    {
        _log = log;
        Volatile.Write(ref _rights, new StorageRights(log));
    }

    /// <summary>A link begins; dispose the guest when it has ended.</summary>
    /// <param name="id">Who is on its other side.</param>
    /// <param name="isNode">Whether that is a node of the cluster.</param>
    public StorageGuest Enter(NodeId id, bool isNode) => _guests.Enter(id, isNode);

    /// <summary>Answers one request. Call in the order in which the link's requests came.</summary>
    /// <param name="guest">The link.</param>
    /// <param name="request">The request; disposed when it is answered, if it can be.</param>
    public async ValueTask<LinkMessage> AnswerAsync(StorageGuest guest, LinkMessage request)
    {
        using var taken = request as IDisposable;
        if (Volatile.Read(ref _rights) is not { } rights)
        {
            return new Refused(RefusalReason.Unavailable, "the node is starting");
        }

        if (request is GetStorageNodes)
        {
            return _log is { } log
                ? StorageNodeList.Of(log.Read(), node.View, node.Storage?.Figures)
                : new Refused(RefusalReason.NotFound, "this node has no part in a control log; ask another");
        }

        return node.Fragments is not { } store
            ? new Refused(RefusalReason.NotAllowed, "this node keeps no fragments: it has no storage; use another")
            : request switch
            {
                PutFragment put => await PutAsync(
                    guest.IsNode ? node.PeerFragments ?? store : store, rights, guest, put),
                GetFragment get => await GetAsync(store, guest, get),
                DescribeFragment describe => await DescribeAsync(store, new FragmentId(describe.Fragment)),
                DeleteFragment delete => await DeleteAsync(store, rights, guest, new FragmentId(delete.Fragment)),
                GetStorageReport ask => await ReportAsync(rights, guest, ask),
                _ => new Refused(RefusalReason.UnknownMessage, $"{request.GetType().Name} is not answered here"),
            };
    }

    private async ValueTask<LinkMessage> ReportAsync(StorageRights rights, StorageGuest guest, GetStorageReport ask)
    {
        if (await rights.ObjectionAsync(guest, ask.Vault) is { } objection)
        {
            return objection;
        }

        if (node.RepairDesk is not { } repair)
        {
            return new Refused(RefusalReason.NotAllowed, "this node does not look after fragments; use another");
        }

        try
        {
            using CancellationTokenSource late = new(StoreLimit, node.Time);
            return await repair.ReportAsync(ask, late.Token)
                ?? (LinkMessage)StoreAnswers.Refuse(StoreStatus.Unreachable);
        }
        catch (OperationCanceledException)
        {
            return TooLate();
        }
    }

    private async ValueTask<LinkMessage> PutAsync(
        IFragmentStore store, StorageRights rights, StorageGuest guest, PutFragment put)
    {
        if (!FragmentLabel.TryDecode(put.Label.Span, out FragmentLabel? label))
        {
            return new Refused(RefusalReason.Malformed, "the label is none");
        }

        FragmentIntake intake = await guest.TakeAsync(
            label, put, () => ObjectionAsync(rights, guest, label));
        if (intake.Answer is { } answer)
        {
            return answer;
        }

        try
        {
            using CancellationTokenSource late = new(StoreLimit, node.Time);
            StoreStatus status = await store.PutAsync(intake.Label!, intake.Fragment, late.Token);
            intake.Room?.Dispose();
            return AnswerOf(status);
        }
        catch (OperationCanceledException)
        {
            intake.Room?.Abandon();
            return TooLate();
        }
        finally
        {
            guest.Account.Give(intake.Fragment.Length);
        }
    }

    private async ValueTask<Refused?> ObjectionAsync(StorageRights rights, StorageGuest guest, FragmentLabel label)
    {
        bool isAttachment = AttachmentVault.TryGetDay(label.Vault, out int day);
        if ((guest.IsNode || !isAttachment) && await rights.ObjectionAsync(guest, label.Vault) is { } objection)
        {
            return objection;
        }

        return !isAttachment ? null
            : Attachments is { } attachments ? await attachments.ObjectionAsync(guest, label, day)
            : new Refused(RefusalReason.NotAllowed, "this node takes no attachments: it cannot look after them");
    }

    private async ValueTask<LinkMessage> GetAsync(IFragmentStore store, StorageGuest guest, GetFragment get)
    {
        if (get.Offset > FragmentLabel.LengthMax)
        {
            return StoreAnswers.Refuse(StoreStatus.Refused);
        }

        if (get.Length == 0)
        {
            return await GetNothingAsync(store, get);
        }

        long held = Math.Max(get.Length, ReadBytesMin);
        if (!guest.Reads.TryTake(held))
        {
            return new Refused(RefusalReason.Overloaded, "this link has asked for too much at once; wait")
            {
                RetryAfter = TimeSpan.FromMilliseconds(100),
            };
        }

        RentedBytes room = new((int)get.Length, _ => guest.Reads.Give(held));
        try
        {
            using CancellationTokenSource late = new(StoreLimit, node.Time);
            StoreStatus status = await store.GetAsync(
                new FragmentId(get.Fragment), (int)get.Offset, room.Memory, late.Token);
            if (status == StoreStatus.Done)
            {
                return new FragmentPart(room.Memory) { Room = room };
            }

            room.Dispose();
            return StoreAnswers.Refuse(status);
        }
        catch (OperationCanceledException)
        {
            room.Abandon();
            return TooLate();
        }
    }

    /// <summary>Whether there is such a range can be said without reading it.</summary>
    private async ValueTask<LinkMessage> GetNothingAsync(IFragmentStore store, GetFragment get)
    {
        (Refused? refusal, FragmentLabel? label) = await FindAsync(store, new FragmentId(get.Fragment));
        return label is null ? refusal!
            : get.Offset > label.Length ? StoreAnswers.Refuse(StoreStatus.Refused)
            : new FragmentPart(ReadOnlyMemory<byte>.Empty);
    }

    private async ValueTask<LinkMessage> DescribeAsync(IFragmentStore store, FragmentId fragment)
    {
        (Refused? refusal, FragmentLabel? label) = await FindAsync(store, fragment);
        if (label is null)
        {
            return refusal!;
        }

        WireWriter writer = new(LinkLimits.FragmentLabelBytes);
        label.Write(writer);
        return new FragmentDescription(writer.ToArray());
    }

    private async ValueTask<LinkMessage> DeleteAsync(
        IFragmentStore store, StorageRights rights, StorageGuest guest, FragmentId fragment)
    {
        (Refused? refusal, FragmentLabel? label) = await FindAsync(store, fragment);
        if (label is null)
        {
            return refusal!;
        }

        if (await rights.ObjectionAsync(guest, label.Vault) is { } objection)
        {
            return objection;
        }

        // Who may write today may be turned out tomorrow, and knows the ids: a writer does not destroy a vault.
        if (!rights.IsOwner(guest, label.Vault) && !IsDropped(label))
        {
            return new Refused(
                RefusalReason.NotAllowed,
                "the control log has not dropped the fragment's stripe, and you do not own the vault");
        }

        try
        {
            using CancellationTokenSource late = new(StoreLimit, node.Time);
            return AnswerOf(await store.DeleteAsync(fragment, late.Token));
        }
        catch (OperationCanceledException)
        {
            return TooLate();
        }
    }

    private async ValueTask<(Refused? Refusal, FragmentLabel? Label)> FindAsync(
        IFragmentStore store, FragmentId fragment)
    {
        try
        {
            using CancellationTokenSource late = new(StoreLimit, node.Time);
            (StoreStatus status, FragmentLabel? label) = await store.DescribeAsync(fragment, late.Token);
            return (label is null ? StoreAnswers.Refuse(status) : null, label);
        }
        catch (OperationCanceledException)
        {
            return (TooLate(), null);
        }
    }

    private static LinkMessage AnswerOf(StoreStatus status) =>
        status == StoreStatus.Done ? new Done() : StoreAnswers.Refuse(status);

    private static Refused TooLate() =>
        new(RefusalReason.TimedOut, $"this node's storage did not answer within {StoreLimit.TotalSeconds:F0} s");
}
