using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>Shows where a command stands in a body. Byte table: docs/formats/ledger-proofs.md.</summary>
/// <param name="Signer">Who signed the command's group.</param>
/// <param name="Signature">The SHA-256 of the group's signature.</param>
/// <param name="IssuedAt">When the group was issued, in UTC ticks.</param>
/// <param name="InGroup">The command's place in its group.</param>
/// <param name="InBody">The group's place in the body.</param>
public sealed record CommandPlace(
    NodeId Signer, Digest Signature, long IssuedAt, InclusionProof InGroup, InclusionProof InBody)
{
    /// <summary>Shows a command of a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="group">The group's place.</param>
    /// <param name="command">The command's place in the group.</param>
    public static CommandPlace Of(CommandBody body, int group, int command)
    {
        CommandGroup found = body.Groups[group];
        return new CommandPlace(
            found.Signer,
            Digest.Sha256(found.Signature.Span),
            found.IssuedAt,
            found.ProveCommand(command),
            body.ProveGroup(group));
    }

    /// <summary>The root of the commands that the proof leads to.</summary>
    /// <param name="command">The command.</param>
    /// <param name="commandsRoot">The root, or default.</param>
    /// <returns>False if a path has the wrong length.</returns>
    public bool TryRoot(Command command, out Digest commandsRoot)
    {
        commandsRoot = default;
        WireWriter writer = new(Command.OverheadSize + command.Payload.Length);
        command.WriteTo(writer);
        if (!InGroup.TryRoot(MerkleHash.Entry(writer.Written), out Digest groupRoot))
        {
            return false;
        }

        Digest group = CommandGroup.DigestOf(Signer, Signature, IssuedAt, groupRoot);
        return InBody.TryRoot(MerkleHash.Entry(group), out commandsRoot);
    }

    /// <summary>Writes the place.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.Digest(Signer.Value).Digest(Signature).U64((ulong)IssuedAt);
        InGroup.WriteTo(writer);
        InBody.WriteTo(writer);
    }

    /// <summary>Reads a place; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="place">The place, or null.</param>
    /// <returns>False, with a failed reader, if the bytes are no place.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out CommandPlace? place)
    {
        NodeId signer = new(reader.Digest());
        Digest signature = reader.Digest();
        ulong issuedAt = reader.U64();
        if (issuedAt > long.MaxValue)
        {
            reader.Fail();
        }

        place = InclusionProof.TryRead(ref reader, out InclusionProof? inGroup)
            && InclusionProof.TryRead(ref reader, out InclusionProof? inBody)
            ? new CommandPlace(signer, signature, (long)issuedAt, inGroup, inBody)
            : null;
        return place is not null;
    }
}
