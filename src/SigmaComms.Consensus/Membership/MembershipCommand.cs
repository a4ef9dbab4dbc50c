using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Evidence;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Membership;

/// <summary>The payload of a command to the membership. Byte table: docs/formats/membership.md.</summary>
public abstract record MembershipCommand
{
    /// <summary>The largest evidence: 60,000 bytes.</summary>
    public const int EvidenceSizeMax = 60_000;

    private MembershipCommand()
    {
    }

    /// <summary>The signer, an operator or a validator, wants a change.</summary>
    /// <param name="Change">The change.</param>
    public sealed record Support(MembershipChange Change) : MembershipCommand;

    /// <summary>
    /// The signer, a node, says that it has the state and follows the log: a joiner becomes a member.
    /// </summary>
    /// <param name="Height">The highest final block it has executed; at most 1,024 behind this command's block.</param>
    public sealed record Ready(Height Height) : MembershipCommand;

    /// <summary>The signer, a node, wants to leave; sent again when it no longer votes, it is gone.</summary>
    public sealed record Leave : MembershipCommand;

    /// <summary>The signer, a node, announces its voting key for the next epoch.</summary>
    /// <param name="Claim">The key; a higher incarnation says that the node lost its durable state.</param>
    public sealed record AnnounceKey(VotingKeyClaim Claim) : MembershipCommand;

    /// <summary>The signer, a node, listens elsewhere.</summary>
    /// <param name="Addresses">Where it listens.</param>
    public sealed record Readdress(IReadOnlyList<string> Addresses) : MembershipCommand;

    /// <summary>Anybody shows that a validator's key signed what no honest node signs.</summary>
    /// <param name="Evidence">The evidence, opaque here.</param>
    public sealed record Accuse(ReadOnlyMemory<byte> Evidence) : MembershipCommand;

    /// <summary>
    /// The command by which a validator answers to <see cref="Replicas.Effect.Accuse"/>; it signs it with its node key.
    /// What signatures prove convicts by itself, whoever sends it and however often. That a block contradicts its
    /// parent only those can tell who executed the parent: each of them supports the eviction, and a quorum evicts.
    /// </summary>
    /// <param name="accusation">What the validator did.</param>
    /// <param name="validators">The validators of the accusation's epoch.</param>
    /// <exception cref="ArgumentException">The accusation is not sound.</exception>
    public static MembershipCommand Against(Accusation accusation, ValidatorSet validators)
    {
        if (!accusation.IsSound(validators))
        {
            throw new ArgumentException("The accusation proves nothing.", nameof(accusation));
        }

        return accusation.Kind == Misbehaviour.InvalidBlock
            ? new Support(new MembershipChange.Evict(validators[accusation.Accused].Node))
            : new Accuse(accusation.Encode());
    }

    /// <summary>The encoded payload.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new();
        switch (this)
        {
            case Support support:
                writer.U8(1);
                support.Change.WriteTo(writer);
                break;
            case Ready ready:
                writer.U8(2).U64(ready.Height.Value);
                break;
            case Leave:
                writer.U8(3);
                break;
            case AnnounceKey announce:
                writer.U8(4);
                announce.Claim.WriteTo(writer);
                break;
            case Readdress readdress:
                writer.U8(5);
                NodeAddresses.Write(writer, readdress.Addresses);
                break;
            case Accuse accuse:
                writer.U8(6).Opaque16(accuse.Evidence.Span);
                break;
        }

        return writer.ToArray();
    }

    /// <summary>Reads a payload.</summary>
    /// <param name="payload">Untrusted bytes.</param>
    /// <param name="command">The command, or null; the signatures in it are not verified.</param>
    /// <returns>False unless the encoding is canonical.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out MembershipCommand? command)
    {
        var reader = new WireReader(payload);
        MembershipCommand? read = reader.U8() switch
        {
            1 => MembershipChange.TryRead(ref reader, out MembershipChange? change) ? new Support(change) : null,
            2 => new Ready(new Height(reader.U64())),
            3 => new Leave(),
            4 => VotingKeyClaim.TryRead(ref reader, out VotingKeyClaim? claim) ? new AnnounceKey(claim) : null,
            5 => NodeAddresses.TryRead(ref reader, out IReadOnlyList<string>? to) ? new Readdress(to) : null,
            6 => new Accuse(reader.Opaque16(EvidenceSizeMax).ToArray()),
            _ => null,
        };
        command = reader.AtEnd ? read : null;
        return command is not null;
    }
}
