using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Links;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Admission;

/// <summary>Acts for the one who decides which nodes take part: has the operator's key and signs admissions.</summary>
internal sealed class Operator : IDisposable
{
    /// <summary>How long an admission holds when nothing else is said.</summary>
    public const int ValidDaysDefault = 365;

    private readonly MlDsa65SigningKey _key;
    private readonly IRandomSource _random;

    private Operator(MlDsa65SigningKey key, ClusterId cluster, IRandomSource random)
    {
        _key = key;
        Cluster = cluster;
        _random = random;
    }

    /// <summary>The cluster it decides for.</summary>
    public ClusterId Cluster { get; }

    /// <summary>What verifies its signatures.</summary>
    public ReadOnlyMemory<byte> PublicKey => _key.PublicKey;

    /// <summary>Begins a new cluster with a new id; a key that is there already is kept.</summary>
    public static Operator OfNewCluster(SigmaHome home, IRandomSource random)
    {
        MlDsa65SigningKey key = File.Exists(home.OperatorKeyFile)
            ? SigningKeyFile.Load(home.OperatorKeyFile)
            : SigningKeyFile.Create(home.OperatorKeyFile, random);
        return new Operator(key, ClusterId.Create(random), random);
    }

    /// <summary>Reads the operator's key of the data folder.</summary>
    /// <exception cref="CommandException">There is none, it is damaged, or it is another cluster's.</exception>
    public static Operator Load(SigmaHome home, ClusterFile cluster, IRandomSource random)
    {
        if (!File.Exists(home.OperatorKeyFile))
        {
            throw new CommandException(
                ExitCode.NotAuthorised,
                "cannot admit a node",
                $"the operator's key is not in {home.Root}",
                "run this where sigma cluster init was run");
        }

        MlDsa65SigningKey key = SigningKeyFile.Load(home.OperatorKeyFile);
        if (!key.PublicKey.Span.SequenceEqual(cluster.OperatorPublicKey.Span))
        {
            key.Dispose();
            throw new CommandException(
                ExitCode.VerificationFailed,
                "cannot admit a node",
                "the operator's key is not the one that cluster.json names",
                "restore both files from the same copy");
        }

        return new Operator(key, cluster.Cluster, random);
    }

    /// <summary>Signs that a node may take part.</summary>
    /// <param name="request">Which node.</param>
    /// <param name="notAfter">Until when.</param>
    public NodeAdmission Admit(AdmissionRequestFile request, DateTimeOffset notAfter) => NodeAdmission.Sign(
        _key, Cluster, request.PublicKey, request.Name, [request.Endpoint], NodeRoles.Storage, notAfter, _random);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
