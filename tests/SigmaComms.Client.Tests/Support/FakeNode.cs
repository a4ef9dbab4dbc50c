using SigmaComms.Consensus.Transparency;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Client.Tests.Support;

/// <summary>One node of the fake cluster.</summary>
internal sealed class FakeNode
{
    public required string Endpoint { get; init; }

    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    public required NodeAdmission Admission { get; set; }

    /// <summary>Its key.</summary>
    public required MlDsa65SigningKey Key { get; init; }

    /// <summary>What it shows of the log in place of what is true; null for nothing at all.</summary>
    public Func<GetLogProof, LogAnswer, LogAnswer?> Shows { get; set; } = static (_, honest) => honest;

    /// <summary>Answers requests before anybody else does; null, or an answer of null, for none.</summary>
    public Func<LinkMessage, ValueTask<LinkMessage?>>? Answers { get; set; }

    /// <summary>Refuses connections.</summary>
    public bool IsDown { get; set; }

    /// <summary>Takes everything and answers nothing, as a stopped process does.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Says of every account that there is none.</summary>
    public bool DeniesAccounts { get; set; }

    /// <summary>Cannot say anything of accounts at the moment.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Says that this record is the one of its name, whatever the others say.</summary>
    public AccountRecord? LiesWith { get; set; }

    /// <summary>Its fragments.</summary>
    public FakeStorage Storage { get; } = new();

    public NodeId Id => NodeId.Of(PublicKey.Span);

    /// <summary>Pushes something before it has shown who it is.</summary>
    public bool PushesEarly { get; set; }

    public LinkMessage Prove(FakeLog? log, GetLogProof ask) =>
        log is not null && Shows(ask, log.Show(ask)) is { } shown
            ? new LogProof(shown.Encode())
            : new Refused(RefusalReason.Unavailable, "no proof here");

    public static FakeNode Create(
        string endpoint, MlDsa65SigningKey operatorKey, ClusterId cluster, DateTimeOffset notAfter, SeededRandom random)
    {
        var key = new MlDsa65SigningKey(random.Bytes(32));
        return new FakeNode
        {
            Endpoint = endpoint,
            Key = key,
            PublicKey = key.PublicKey.ToArray(),
            Admission = NodeAdmission.Sign(
                operatorKey, cluster, key.PublicKey.ToArray(), endpoint.Split(':')[0], [], default, notAfter, random),
        };
    }
}
