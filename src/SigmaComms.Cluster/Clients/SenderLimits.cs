using SigmaComms.Cluster.Storage.Volumes;
using SigmaComms.Cryptography;
using SigmaComms.Messaging.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Clients;

/// <summary>
/// How much each client may ask of this node, by the device that its channel proved, over all its links. Who comes
/// back finds its budget as it left it, as long as not too many others left after it. Safe to use from any thread.
/// </summary>
internal sealed class SenderLimits(NodeContext node)
{
    private const int AwayMax = 4_096;

    /// <summary>All vaults are looked through for one list.</summary>
    private const int ListCost = 16;

    /// <summary>What the smallest fragment of an attachment takes of a disk.</summary>
    private const int FragmentCost = VolumeLayout.BlockSize;

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Sender> _senders = [];
    private readonly LinkedList<NodeId> _away = new();

    /// <summary>Senders that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _senders.Count;
            }
        }
    }

    /// <summary>A link of the device begins.</summary>
    public void Enter(NodeId device)
    {
        lock (_gate)
        {
            if (!_senders.TryGetValue(device, out Sender? sender))
            {
                sender = new Sender(new SenderBudget(node.Options, node.Now));
                _senders.Add(device, sender);
            }

            sender.Links++;
            if (sender.Away is { } place)
            {
                _away.Remove(place);
                sender.Away = null;
            }
        }
    }

    /// <summary>A link of the device has ended.</summary>
    public void Leave(NodeId device)
    {
        lock (_gate)
        {
            Sender sender = _senders[device];
            if (--sender.Links == 0)
            {
                sender.Away = _away.AddLast(device);
            }

            if (_away.Count > AwayMax && _away.First is { } oldest)
            {
                _away.RemoveFirst();
                _senders.Remove(oldest.Value);
            }
        }
    }

    /// <summary>What speaks against a request now; null if it may be carried out, and then it was counted.</summary>
    public Refused? Objection(NodeId device, LinkMessage request)
    {
        if (CostOf(request) is not { } cost)
        {
            return null;
        }

        TimeSpan wait = TimeSpan.Zero;
        lock (_gate)
        {
            // Who is forgotten has no link any more: the last of its requests is being handled.
            if (_senders.TryGetValue(device, out Sender? sender))
            {
                wait = sender.Budget.Take(cost.Messages, cost.Bytes, cost.Fragments, node.Now);
            }
        }

        return wait == TimeSpan.Zero
            ? null
            : new Refused(
                RefusalReason.TooFast,
                $"at most {node.Options.SenderMessagesPerSecond} messages and {node.Options.SenderBytesPerSecond} "
                    + "bytes a second are taken from one device here; wait, then go on")
            { RetryAfter = wait };
    }

    /// <summary>What is written, and what uses up something of others; reading is bounded by the link.</summary>
    private static (int Messages, long Bytes, long Fragments)? CostOf(LinkMessage request) => request switch
    {
        Deposit deposit => (1, deposit.Blob.Length, 0),
        PutFragment put when IsOfAttachment(put) => (0, put.Content.Length + FragmentCost, 0),
        PutFragment put => (0, 0, put.Content.Length),
        PublishAccount publish => (1, publish.Record.Length, 0),
        PublishPrekeys publish =>
            (1, publish.LastResort.Length + publish.OneTime.Sum(bundle => (long)bundle.Length), 0),
        SubmitCommands submit => (1, submit.Group.Length, 0),
        ListVaults => (ListCost, 0, 0),
        FetchBundle or GetLogProof or GetStateProof or ReadVault => (1, 0, 0),
        _ => null,
    };

    private static bool IsOfAttachment(PutFragment put) =>
        FragmentLabel.TryDecode(put.Label.Span, out FragmentLabel? label)
        && AttachmentVault.TryGetDay(label.Vault, out _);

    private sealed class Sender(SenderBudget budget)
    {
        public SenderBudget Budget => budget;

        public int Links { get; set; }

        public LinkedListNode<NodeId>? Away { get; set; }
    }
}
