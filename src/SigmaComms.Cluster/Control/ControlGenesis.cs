using System.Diagnostics.CodeAnalysis;
using System.Text;
using SigmaComms.Consensus;
using SigmaComms.Consensus.KeyDirectory;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Consensus.Machines;
using SigmaComms.Consensus.Membership;
using SigmaComms.Consensus.Replicas;
using SigmaComms.Consensus.Signers;
using SigmaComms.Consensus.VaultCommands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Control;

/// <summary>
/// What every node of a cluster must know of its control log, and know alike: who founded it. Public, and the root of
/// all trust in the log. Byte table: docs/formats/control-genesis.md.
/// </summary>
public sealed class ControlGenesis
{
    /// <summary>The most bytes of an encoded genesis: 1 MiB.</summary>
    public const int EncodedSizeMax = 1 << 20;

    private const byte FormatVersion = 1;

    private static readonly byte[] ClusterLabel = Encoding.ASCII.GetBytes("SigmaComms control log cluster v1");

    private readonly Lazy<Foundation> _foundation;

    /// <summary>Begins a log.</summary>
    /// <param name="cluster">The cluster's id as the log knows it; see <see cref="ClusterOf"/>.</param>
    /// <param name="founders">The first members, at least one of which votes, each with its own signed request.</param>
    /// <param name="operators">
    /// Who may change the membership alone, by the hash of an ML-DSA-65 key; may be none.
    /// </param>
    /// <exception cref="ArgumentException">A request is not good, a node is there twice, or nobody votes.</exception>
    public ControlGenesis(Digest cluster, IReadOnlyList<NodeRequest> founders, IReadOnlyList<NodeId> operators)
    {
        ArgumentNullException.ThrowIfNull(founders);
        ArgumentNullException.ThrowIfNull(operators);
        Cluster = cluster;
        Founders = [.. founders.OrderBy(founder => founder.Node)];
        Operators = [.. operators.Order()];
        if (!AreGood(cluster, Founders, Operators))
        {
            throw new ArgumentException(
                "Founders must have signed their requests for this cluster, and some must vote.", nameof(founders));
        }

        Machines =
        [
            new MembershipMachine(
                cluster, FirstEpoch, Founders, Operators, MlDsa65Verifier.Instance,
                new AccusationJudge(MlDsa65Verifier.Instance)),
            new KeyDirectoryMachine(AccountRecordJudge.Instance, new DirectoryLimits()),
            new VaultCommandsMachine(new VaultLimits()),
            new SignersMachine(new SignerLimits()),
        ];
        Validators = ((IValidatorState)Machines[0].Genesis).Validators;
        _foundation = new Lazy<Foundation>(() => Foundation.Genesis(
            Cluster, Ledger.Genesis(Cluster, Machines, Validators)));
    }

    /// <summary>The first epoch: 1.</summary>
    public static Epoch FirstEpoch { get; } = new(1);

    /// <summary>The cluster's id as the log knows it.</summary>
    public Digest Cluster { get; }

    /// <summary>The first members, by node.</summary>
    public IReadOnlyList<NodeRequest> Founders { get; }

    /// <summary>Who may change the membership alone.</summary>
    public IReadOnlyList<NodeId> Operators { get; }

    /// <summary>Who votes in the first epoch.</summary>
    public ValidatorSet Validators { get; }

    /// <summary>The state machines of the log, as they begin.</summary>
    public IReadOnlyList<IMachine> Machines { get; }

    /// <summary>The block at height 0 and the state after it.</summary>
    public Foundation Foundation => _foundation.Value;

    /// <summary>The id under which the log of a cluster signs.</summary>
    /// <param name="cluster">The cluster.</param>
    public static Digest ClusterOf(ClusterId cluster) => Digest.Sha256([.. ClusterLabel, .. cluster.Value.ToArray()]);

    /// <summary>The encoded genesis.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        writer.U8(FormatVersion).Digest(Cluster).U16((ushort)Founders.Count);
        foreach (NodeRequest founder in Founders)
        {
            writer.Opaque16(founder.Encoded.Span);
        }

        writer.U8((byte)Operators.Count);
        foreach (NodeId node in Operators)
        {
            writer.Digest(node.Value);
        }

        return writer.ToArray();
    }

    /// <summary>Reads a genesis and verifies its founders' signatures. Never throws.</summary>
    /// <param name="bytes">The bytes, as trusted as where they come from.</param>
    /// <param name="genesis">The genesis, or null.</param>
    /// <returns>False if the bytes are no genesis in its one form.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ControlGenesis? genesis)
    {
        genesis = null;
        var reader = new WireReader(bytes);
        bool isKnown = reader.U8() == FormatVersion && bytes.Length <= EncodedSizeMax;
        Digest cluster = reader.Digest();
        int count = reader.U16();
        List<NodeRequest> founders = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            byte[] encoded = reader.Opaque16(NodeRequest.EncodedSizeMax).ToArray();
            if (!NodeRequest.TryDecode(encoded, out NodeRequest? founder))
            {
                return false;
            }

            founders.Add(founder);
        }

        List<NodeId> operators = [];
        int operatorCount = reader.U8();
        for (int i = 0; i < operatorCount && !reader.Failed; i++)
        {
            operators.Add(new NodeId(reader.Digest()));
        }

        bool isSorted = founders.Zip(founders.Skip(1)).All(pair => pair.First.Node < pair.Second.Node)
            && operators.Zip(operators.Skip(1)).All(pair => pair.First < pair.Second);
        if (!isKnown || !reader.AtEnd || !isSorted || !AreGood(cluster, founders, operators))
        {
            return false;
        }

        genesis = new ControlGenesis(cluster, founders, operators);
        return true;
    }

    private static bool AreGood(
        Digest cluster, IReadOnlyList<NodeRequest> founders, IReadOnlyList<NodeId> operators)
    {
        int voters = founders.Count(founder => founder.Place.IsValidator);
        return voters is > 0 and <= ValidatorSet.CountMax
            && founders.Select(founder => founder.Node).Distinct().Count() == founders.Count
            && founders.Where(founder => founder.VotingKey is not null)
                .Select(founder => founder.VotingKey!.KeyDigest).Distinct().Count()
                == founders.Count(founder => founder.VotingKey is not null)
            && operators.Count <= MembershipChange.OperatorsMax
            && operators.Distinct().Count() == operators.Count
            && founders.All(founder => founder.Verify(cluster, MlDsa65Verifier.Instance));
    }
}
