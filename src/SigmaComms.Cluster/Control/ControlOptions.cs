using SigmaComms.Actors;
using SigmaComms.Cluster.Control.Hosting;
using SigmaComms.Cluster.Control.Transfer;

namespace SigmaComms.Cluster.Control;

/// <summary>Settings of a node's part in the control log; checked when the node starts.</summary>
public sealed class ControlOptions
{
    /// <summary>The folder below the node's data directory: control.</summary>
    public const string FolderName = "control";

    /// <summary>How the log began; the same on every node. Needed.</summary>
    public ControlGenesis? Genesis { get; set; }

    /// <summary>
    /// How long a message between validators takes at most, as a rule, with signing, checking and writing: D0, 10 ms to
    /// 10 s. Default 100 ms, a LAN; 500 ms serve a WAN.
    /// </summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an idle leader waits for more commands after the first, 0 to 1 s. Default 0.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.Zero;

    /// <summary>Blocks between two snapshots, 16 to 65,536. Default 1,024.</summary>
    public int BlocksPerSnapshot { get; set; } = 1_024;

    /// <summary>
    /// Age of an epoch at which this node announces its voting key for the next one, 1 s to 366 days. Default 1 hour.
    /// </summary>
    public TimeSpan KeyAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Bytes of a segment of the write-ahead log, 1 MiB to 1 GiB. Default 64 MiB.</summary>
    public int WalSegmentBytes { get; set; } = 64 << 20;

    /// <summary>Bytes of finalized blocks that are kept, 1 MiB to 1 TiB; the oldest go first. Default 4 GiB.</summary>
    public long BlockBytesMax { get; set; } = 4L << 30;

    /// <summary>Bytes from one peer that may wait to be verified, 2 MiB to 256 MiB. Default 8 MiB.</summary>
    public int PeerBytesMax { get; set; } = 8 << 20;

    /// <summary>Bytes from all peers that may wait to be verified, 4 MiB to 4 GiB. Default 64 MiB.</summary>
    public long BytesMax { get; set; } = 64L << 20;

    /// <summary>Commands of this node's clients that may wait, 16 to 1,000,000. Default 16,384.</summary>
    public int WaitingCommandsMax { get; set; } = 16_384;

    /// <summary>The most bytes of a snapshot's offer. Less only in tests, which have few epochs.</summary>
    internal int OfferSizeMax { get; set; } = SnapshotExchange.OfferSizeMax;

    /// <summary>Who signs this node's votes. Replaced only by the test that runs a validator which lies.</summary>
    internal Func<ControlDesk, Props> Signer { get; set; } = desk => Props.Create(() => new SignerActor(desk));

    internal void Validate()
    {
        Require(Genesis is not null, "Control.Genesis is missing");
        Require(Delay.TotalSeconds is >= 0.01 and <= 10, "Control.Delay must be 10 ms to 10 s");
        Require(Linger.TotalSeconds is >= 0 and <= 1, "Control.Linger must be 0 to 1 s");
        Require(BlocksPerSnapshot is >= 16 and <= 65_536, "Control.BlocksPerSnapshot must be 16 to 65,536");
        Require(KeyAge.TotalSeconds is >= 1 and <= 366 * 86_400.0, "Control.KeyAge must be 1 s to 366 days");
        Require(
            WalSegmentBytes is >= 1 << 20 and <= 1 << 30 && WalSegmentBytes % 4_096 == 0,
            "Control.WalSegmentBytes must be a multiple of 4,096 from 1 MiB to 1 GiB");
        Require(BlockBytesMax is >= 1L << 20 and <= 1L << 40, "Control.BlockBytesMax must be 1 MiB to 1 TiB");
        Require(PeerBytesMax is >= 2 << 20 and <= 256 << 20, "Control.PeerBytesMax must be 2 to 256 MiB");
        Require(BytesMax is >= 4L << 20 and <= 4L << 30, "Control.BytesMax must be 4 MiB to 4 GiB");
        Require(WaitingCommandsMax is >= 16 and <= 1_000_000, "Control.WaitingCommandsMax must be 16 to 1,000,000");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ClusterException(ClusterFailure.InvalidOptions, message);
        }
    }
}
