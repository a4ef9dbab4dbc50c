using SigmaComms.Cluster.Control;
using SigmaComms.Cluster.Remoting;
using SigmaComms.Cluster.Storage;
using SigmaComms.Cluster.Storage.Buckets;
using SigmaComms.Cluster.Storage.Repair;
using SigmaComms.Messaging.Links;
using SigmaComms.Persistence.PostgreSql;
using SigmaComms.Transport.Links;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster;

/// <summary>Settings of a node; checked when it starts.</summary>
public sealed class ClusterNodeOptions
{
    /// <summary>The most that <see cref="PrekeysPerDeviceMax"/> may be.</summary>
    internal const int PrekeysPerDeviceLimit = 1_000;

    /// <summary>The cluster the node belongs to.</summary>
    public ClusterId Cluster { get; set; }

    /// <summary>The operator's ML-DSA-65 public key, 1952 bytes.</summary>
    public ReadOnlyMemory<byte> OperatorPublicKey { get; set; }

    /// <summary>The node's encoded admission, as the operator signed it.</summary>
    public ReadOnlyMemory<byte> Admission { get; set; }

    /// <summary>Where to listen.</summary>
    public NodeEndpoint? Listen { get; set; }

    /// <summary>Where others reach the node, if that is not <see cref="Listen"/>. Default: null.</summary>
    public NodeEndpoint? Advertise { get; set; }

    /// <summary>Nodes to join through. May hold this node itself. Empty only for the first node of a cluster.</summary>
    public IReadOnlyList<SeedNode> Seeds { get; set; } = [];

    /// <summary>The folder for journal and fragments. Made if it is missing, for the owner only.</summary>
    public string DataDirectory { get; set; } = string.Empty;

    /// <summary>
    /// The server that keeps the journal instead of a file in <see cref="DataDirectory"/>; a schema of its own for each
    /// node. Default: null, a file.
    /// </summary>
    public PostgreSqlStoreOptions? PostgreSql { get; set; }

    /// <summary>Nodes that must keep a message before it counts as stored, 1 or 2. Default 2.</summary>
    public int Copies { get; set; } = 2;

    /// <summary>Heartbeats to each peer, 50 ms to 5 s. Default 250 ms.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The shortest silence after which a peer is suspected, 2 heartbeats to 30 s. Default 1 s.</summary>
    public TimeSpan SuspicionMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest silence after which a peer is suspected, up to 60 s. Default 5 s.</summary>
    public TimeSpan SuspicionMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a suspect stays one before it is shown as down. Default 30 s.</summary>
    public TimeSpan DownAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request to another node may take, 100 ms to 60 s. Default 5 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long dialling a peer may take, handshake included, 100 ms to 60 s. Default 3 s.</summary>
    public TimeSpan DialTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Age at which a link between nodes gets a new connection with a new handshake, 1 s to 1 day. Default 15 minutes.
    /// </summary>
    public TimeSpan HandshakeInterval { get; set; } = LinkFreshness.DefaultInterval;

    /// <summary>How often the health of each supervisor is logged, 1 s to 1 h. Default 30 s.</summary>
    public TimeSpan HealthInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a failure counts against the node's health, 1 s to 1 h. Default 5 min.</summary>
    public TimeSpan HealthWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far the clock of a joining node may be off. Default 5 minutes.</summary>
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a holder looks for messages that belong elsewhere, 100 ms to 1 h. Default 2 s.</summary>
    public TimeSpan HandOverInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long messages are kept, and attachments from the end of the day on. Default 30 days.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Messages in one mailbox, 1 to 10,000. Default 10,000.</summary>
    public int MailboxMessagesMax { get; set; } = 10_000;

    /// <summary>Bytes in one mailbox. Default 256 MiB.</summary>
    public long MailboxBytesMax { get; set; } = 256L << 20;

    /// <summary>Bytes in all mailboxes of this node. Default 1 GiB.</summary>
    public long MailboxBytesTotalMax { get; set; } = 1L << 30;

    /// <summary>Mailboxes open at a time, 16 to 1,000,000; the others are on the disk only. Default 20,000.</summary>
    public int MailboxActorsMax { get; set; } = 20_000;

    /// <summary>How long a mailbox that nobody uses stays open, 1 s to 24 h. Default 2 minutes.</summary>
    public TimeSpan MailboxIdleTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Bytes of attachments on this node; they take half of its room for fragments at the most. Default 64 GiB.
    /// </summary>
    public long AttachmentBytesMax { get; set; } = 64L << 30;

    /// <summary>Messages a second that one client may send through this node, 1 to 1,000,000. Default 1,000.</summary>
    public int SenderMessagesPerSecond { get; set; } = 1_000;

    /// <summary>Messages that one client may send at once after a pause, 1 to 1,000,000. Default 5,000.</summary>
    public int SenderMessagesBurst { get; set; } = 5_000;

    /// <summary>Bytes a second that one client may send, attachments too, 64 KiB to 16 GiB. Default 32 MiB.</summary>
    public long SenderBytesPerSecond { get; set; } = 32L << 20;

    /// <summary>Bytes that one client may send at once after a pause, 1 MiB to 16 GiB. Default 128 MiB.</summary>
    public long SenderBytesBurst { get; set; } = 128L << 20;

    /// <summary>Bytes of fragments a second that one client may put here, 1 MiB to 64 GiB. Default 1 GiB.</summary>
    public long FragmentBytesPerSecond { get; set; } = 1L << 30;

    /// <summary>Bytes of fragments that one client may put at once after a pause, 64 MiB to 64 GiB. Default 1 GiB.
    /// </summary>
    public long FragmentBytesBurst { get; set; } = 1L << 30;

    /// <summary>Where fragments are kept in place of this node's own volumes; for tests. Default: null.</summary>
    internal IFragmentStore? Fragments { get; set; }

    /// <summary>
    /// Messages of one sender on their way to one subscriber without acknowledgement, 1 to 512. Default 256.
    /// </summary>
    public int DeliveryWindow { get; set; } = 256;

    /// <summary>One-time prekeys kept per device on this node, 1 to 1,000. Default 200.</summary>
    public int PrekeysPerDeviceMax { get; set; } = 200;

    /// <summary>
    /// What may travel between actors of this node and of others. Filled before the start. Default: nothing.
    /// </summary>
    public MessageRegistry Messages { get; } = new();

    /// <summary>Accounts that this node keeps.</summary>
    internal int AccountsMax { get; set; } = 100_000;

    /// <summary>One-time prekeys of all devices on this node; about 5 KiB each on its disk.</summary>
    internal int PrekeysTotalMax { get; set; } = 400_000;

    /// <summary>Clients connected to this node at once. Default 10,000.</summary>
    public int ClientsMax { get; set; } = 10_000;

    /// <summary>Clients connected from one address at once. Default 4,096.</summary>
    public int ClientsPerAddressMax { get; set; } = 4_096;

    /// <summary>Requests of one client in work at once, 1 to 4,096. Default 256.</summary>
    public int ClientRequestsMax { get; set; } = 256;

    /// <summary>How long a new connection may take to say who it is. Default 5 s.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a client may be silent before its connection is probed, and then closed. Default 30 s.
    /// </summary>
    public TimeSpan ClientSilenceMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>This node's part in the control log. Default: null, it has none.</summary>
    public ControlOptions? Control { get; set; }

    /// <summary>How this node keeps fragments of vaults.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>How this node looks after fragments of vaults.</summary>
    public RepairOptions Repair { get; set; } = new();

    /// <summary>The bucket that keeps this node's fragments instead of volumes. Default: null, volumes do.</summary>
    public BucketOptions? Bucket { get; set; }

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ClusterException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(OperatorPublicKey.Length == 1952, "OperatorPublicKey must have 1952 bytes");
        Require(Admission.Length > 0, "Admission is missing: have the operator sign one for this node");
        Require(Listen is not null, "Listen is missing: give host:port");
        Require(DataDirectory.Length > 0, "DataDirectory is missing");
        Require(Copies is 1 or 2, "Copies must be 1 or 2");
        RequireSpan(HeartbeatInterval, 0.05, 5, nameof(HeartbeatInterval));
        RequireSpan(SuspicionMin, 2 * HeartbeatInterval.TotalSeconds, 30, nameof(SuspicionMin));
        RequireSpan(SuspicionMax, SuspicionMin.TotalSeconds, 60, nameof(SuspicionMax));
        RequireSpan(DownAfter, 1, 86_400, nameof(DownAfter));
        RequireSpan(RequestTimeout, 0.1, 60, nameof(RequestTimeout));
        RequireSpan(DialTimeout, 0.1, 60, nameof(DialTimeout));
        RequireSpan(HandshakeInterval, 1, 86_400, nameof(HandshakeInterval));
        RequireSpan(HealthInterval, 1, 3_600, nameof(HealthInterval));
        RequireSpan(HealthWindow, 1, 3_600, nameof(HealthWindow));
        RequireSpan(ClockTolerance, 1, 86_400, nameof(ClockTolerance));
        RequireSpan(HandOverInterval, 0.1, 3_600, nameof(HandOverInterval));
        RequireSpan(TimeToLive, 1, 366 * 86_400.0, nameof(TimeToLive));
        RequireSpan(HelloTimeout, 0.1, 60, nameof(HelloTimeout));
        RequireSpan(ClientSilenceMax, 1, 3_600, nameof(ClientSilenceMax));
        Require(MailboxMessagesMax is >= 1 and <= 10_000, "MailboxMessagesMax must be 1 to 10,000");
        Require(MailboxBytesMax >= LinkLimits.BlobBytes, "MailboxBytesMax must hold at least one message");
        Require(MailboxBytesTotalMax >= MailboxBytesMax, "MailboxBytesTotalMax must hold at least one mailbox");
        Require(MailboxActorsMax is >= 16 and <= 1_000_000, "MailboxActorsMax must be 16 to 1,000,000");
        RequireSpan(MailboxIdleTimeout, 1, 86_400, nameof(MailboxIdleTimeout));
        Require(AttachmentBytesMax >= 0, "AttachmentBytesMax must not be negative");
        Require(SenderMessagesPerSecond is >= 1 and <= 1_000_000, "SenderMessagesPerSecond must be 1 to 1,000,000");
        Require(SenderMessagesBurst is >= 1 and <= 1_000_000, "SenderMessagesBurst must be 1 to 1,000,000");
        Require(
            SenderBytesPerSecond is >= 64L << 10 and <= 16L << 30, "SenderBytesPerSecond must be 64 KiB to 16 GiB");
        Require(SenderBytesBurst is >= 1L << 20 and <= 16L << 30, "SenderBytesBurst must be 1 MiB to 16 GiB");
        Require(
            FragmentBytesPerSecond is >= 1L << 20 and <= 64L << 30, "FragmentBytesPerSecond must be 1 MiB to 64 GiB");
        Require(FragmentBytesBurst is >= 64L << 20 and <= 64L << 30, "FragmentBytesBurst must be 64 MiB to 64 GiB");
        Require(DeliveryWindow is >= 1 and <= 512, "DeliveryWindow must be 1 to 512");
        Require(PrekeysPerDeviceMax is >= 1 and <= PrekeysPerDeviceLimit, "PrekeysPerDeviceMax must be 1 to 1,000");
        Require(ClientsMax >= 1, "ClientsMax must be at least 1");
        Require(ClientsPerAddressMax >= 1, "ClientsPerAddressMax must be at least 1");
        Require(ClientRequestsMax is >= 1 and <= 4_096, "ClientRequestsMax must be 1 to 4,096");
        Control?.Validate();
        Storage.Validate();
        Require(Repair.FindFault() is null, $"Repair.{Repair.FindFault()}");
        Bucket?.Validate();
    }

    private static void RequireSpan(TimeSpan value, double minSeconds, double maxSeconds, string name) =>
        Require(
            value.TotalSeconds >= minSeconds && value.TotalSeconds <= maxSeconds,
            $"{name} must be {minSeconds} to {maxSeconds} seconds, is {value.TotalSeconds}");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ClusterException(ClusterFailure.InvalidOptions, message);
        }
    }
}
