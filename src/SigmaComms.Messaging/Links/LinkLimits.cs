namespace SigmaComms.Messaging.Links;

/// <summary>The longest and the most of everything on a link. A decoder refuses what is over.</summary>
public static class LinkLimits
{
    /// <summary>A frame without its length field: 1 MiB.</summary>
    public const int FrameBytes = 1024 * 1024;

    /// <summary>The version of the link protocol.</summary>
    public const ushort Protocol = 1;

    /// <summary>A sealed message: 72 KiB (64 KiB of text, padding, headers of the ratchet).</summary>
    public const int BlobBytes = 72 * 1024;

    /// <summary>An encoded admission.</summary>
    public const int AdmissionBytes = 8 * 1024;

    /// <summary>An encoded announcement of a node.</summary>
    public const int AnnouncementBytes = 8 * 1024;

    /// <summary>An encoded account record: 16 devices of about 2 KiB, a key and a signature.</summary>
    public const int AccountRecordBytes = 64 * 1024;

    /// <summary>An encoded prekey bundle.</summary>
    public const int BundleBytes = 8 * 1024;

    /// <summary>One-time bundles in one upload.</summary>
    public const int PrekeysPerUpload = 100;

    /// <summary>Message ids in one list.</summary>
    public const int IdsPerMessage = 20_000;

    /// <summary>Messages in one hand-over.</summary>
    public const int MessagesPerHandOver = 4_000;

    /// <summary>Members in a status report.</summary>
    public const int Members = 1_024;

    /// <summary>Nodes that are passed over in a claim: all members, and some whose admission has ended.</summary>
    public const int PassedOver = Members + 256;

    /// <summary>Member credentials in one message.</summary>
    public const int MembersPerMessage = 60;

    /// <summary>Record heads in one summary.</summary>
    public const int HeadsPerSummary = 4_000;

    /// <summary>Directory records in one pull.</summary>
    public const int RecordsPerPull = 15;

    /// <summary>Endpoints of one node.</summary>
    public const int EndpointsPerNode = 8;

    /// <summary>A name, UTF-8.</summary>
    public const int NameBytes = 64;

    /// <summary>A host and port, UTF-8.</summary>
    public const int EndpointBytes = 262;

    /// <summary>The body of one batch between actors: 48 KiB.</summary>
    public const int ActorBatchBytes = 48 * 1024;

    /// <summary>Words in one batch between actors.</summary>
    public const int ActorItemsPerBatch = 4_096;

    /// <summary>An encoded message to an actor: what is left of a batch, 47 KiB.</summary>
    public const int ActorPayloadBytes = 47 * 1024;

    /// <summary>A message of the control log: what is left of a frame, 1 MiB less 15 bytes.</summary>
    public const int ControlBytes = FrameBytes - LinkCodec.HeaderSize - 3;

    /// <summary>An encoded label of a fragment: 16.5 KiB.</summary>
    public const int FragmentLabelBytes = (16 * 1024) + 512;

    /// <summary>A part of a fragment: 512 KiB.</summary>
    public const int FragmentPartBytes = 512 * 1024;

    /// <summary>An encoded group of commands: 512 KiB.</summary>
    public const int CommandGroupBytes = 512 * 1024;

    /// <summary>Commands in one group of a client.</summary>
    public const int CommandsPerGroup = 64;

    /// <summary>The log's reply to one command.</summary>
    public const int CommandReplyBytes = 4_096;

    /// <summary>An entry of a vault's stream: what fits a command of the control log.</summary>
    public const int VaultEntryBytes = 65_492;

    /// <summary>Entries in one page of a vault's stream.</summary>
    public const int VaultEntriesPerPage = 4_096;

    /// <summary>
    /// Content of all entries in one page, 512 KiB: with what else an entry has, the page fits a frame.
    /// </summary>
    public const int VaultPageBytes = 512 * 1024;

    /// <summary>The longest that a reader may have a node wait: 30 s.</summary>
    public const uint VaultWaitMilliseconds = 30_000;

    /// <summary>Vaults in one page of a list.</summary>
    public const int VaultsPerPage = 1_024;

    /// <summary>The longest wait that a refusal may ask for: 60 s.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(60);

    /// <summary>The words of a refusal, UTF-8; a longer text is cut.</summary>
    public const int DetailBytes = 1_024;
}
