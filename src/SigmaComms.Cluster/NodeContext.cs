using Microsoft.Extensions.Logging;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Directory;
using SigmaComms.Cluster.Journals;
using SigmaComms.Cluster.Membership;
using SigmaComms.Cluster.Peers;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Cluster.Telemetry;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence;
using SigmaComms.Persistence.Stripes;
using SigmaComms.Transport.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster;

/// <summary>
/// What all parts of one running node share. Immutable but for the tables, which say who writes them.
/// </summary>
internal sealed class NodeContext
{
    /// <summary>Requests of one node to another in work at once; both sides keep to it.</summary>
    public const int PeerRequestsMax = 4_096;

    public NodeContext() => Refresh = new ViewRefresh(this);

    public required ClusterNodeOptions Options { get; init; }

    public required MlDsa65SigningKey Key { get; init; }

    public required NodeAdmission Admission { get; init; }

    public required ulong Incarnation { get; init; }

    public required IAdmissionAuthority Authority { get; init; }

    public required ViewSource Views { get; init; }

    public required IJournal Journal { get; init; }

    public required ISnapshotStore Snapshots { get; init; }

    /// <summary>Whether the journal is left alone at the moment.</summary>
    public JournalGate Gate { get; } = new();

    public required ILinkDialer Dialer { get; init; }

    public required TimeProvider Time { get; init; }

    public required IRandomSource Random { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>Ends the whole node with a reason; safe to call from anywhere, the first one counts.</summary>
    public required Action<ClusterException> Fail { get; init; }

    /// <summary>The actors of other nodes, and of this one for them.</summary>
    public required RemoteActors Remote { get; init; }

    /// <summary>The control log on this node; null if it has none.</summary>
    public ControlDesk? Control { get; set; }

    /// <summary>The fragment store of this node; null if it has none.</summary>
    public StorageDesk? Storage { get; set; }

    /// <summary>Where this node keeps fragments of vaults; null if it keeps none.</summary>
    public IFragmentStore? Fragments { get; set; }

    /// <summary>The same for what other nodes put there; null: the same.</summary>
    public IFragmentStore? PeerFragments { get; set; }

    /// <summary>What looks after the fragments; null if nothing does.</summary>
    public RepairDesk? RepairDesk { get; set; }

    /// <summary>What repair, rebalance, collection and scrub have done.</summary>
    public RepairFigures Repairs { get; } = new();

    /// <summary>Opens the book of stripes; null: in memory.</summary>
    public Func<IStripeBook>? OpenStripeBook { get; init; }

    public LinkTable Links { get; } = new();

    /// <summary>Learns what other nodes' views have more than this one's.</summary>
    public ViewRefresh Refresh { get; }

    public DeviceTable Devices { get; } = new();

    public LinkRenewals Renewals { get; } = new();

    public NodeCounters Counters { get; } = new();

    public required NodeMeter Meter { get; init; }

    public NodeId Self => Key.Id;

    public ClusterView View => Views.Current;

    /// <summary>The monotonic clock.</summary>
    public TimeSpan Now => Time.GetElapsedTime(0, Time.GetTimestamp());

    /// <summary>The bounds of a link with a node, or with one that has not said yet that it is no client.</summary>
    /// <param name="incomingRequestsMax">Requests of the other side in work at once.</param>
    public LinkOptions LinkOptions(int incomingRequestsMax) => new()
    {
        Time = Time,
        PendingRequestsMax = PeerRequestsMax,
        IncomingRequestsMax = incomingRequestsMax,
        OutgoingMessagesMax = 4_096,
        IncomingPushBytesMax = 4 << 20,
    };

    /// <summary>What is said to nodes that are asked as the owners of a mailbox.</summary>
    public OwnershipClaim ClaimFor(NodeId device, IReadOnlyCollection<NodeId> owners)
    {
        OwnershipClaim claim = View.ClaimFor(device, owners);
        IEnumerable<NodeId> ended = Refresh.Ended.Where(node => !View.Members.ContainsKey(node));
        return claim with { PassedOver = [.. claim.PassedOver, .. ended] };
    }

    public Hello Hello(Lane lane) => new(
        LinkLimits.Protocol, Options.Cluster, LinkKind.Node, lane, Incarnation, Admission.Encoded);

    /// <summary>A fraction from 0 to 1, to spread what would otherwise happen at once.</summary>
    public double Fraction()
    {
        Span<byte> bytes = stackalloc byte[2];
        Random.Fill(bytes);
        return ((bytes[0] << 8) | bytes[1]) / 65_535.0;
    }
}
