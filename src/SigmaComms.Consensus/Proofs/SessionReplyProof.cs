using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Consensus.Ledgers;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows a client that its command was executed and what the reply was, as the validators agreed on it: the session as
/// the log remembers it, under the state root of a later block. Whoever checks it trusts the validators' keys and not
/// the node that answered. Byte table: docs/formats/ledger-proofs.md.
/// </summary>
/// <param name="Header">A block after the command's; its state root is the state after its parent.</param>
/// <param name="Link">Leads to a still later block, perhaps of a later epoch; null if none is needed.</param>
/// <param name="Finality">Shows that the later block, or the block itself, is final.</param>
/// <param name="Opening">The parts of the state root.</param>
/// <param name="InSessions">Where the session stands among all sessions.</param>
/// <param name="Session">The session's encoding, which remembers its last 16 commands.</param>
public sealed record SessionReplyProof(
    BlockHeader Header,
    HistoryLink? Link,
    FinalityProof Finality,
    StateOpening Opening,
    MapProof InSessions,
    ReadOnlyMemory<byte> Session)
{
    private const byte FormatVersion = 1;

    /// <summary>Whether the command was executed with this reply.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">What a node says the reply was.</param>
    /// <param name="verifier">Knows the validators of the epoch of the block whose finality is shown.</param>
    public bool Verify(Command command, ReadOnlySpan<byte> reply, FinalityVerifier verifier) =>
        TryVerify(command, verifier, out Digest digest) && Digest.Sha256(reply) == digest;

    /// <summary>The hash of the reply with which the command was executed, if the proof holds.</summary>
    /// <param name="command">The command.</param>
    /// <param name="verifier">Knows the validators of the epoch of the block whose finality is shown.</param>
    /// <param name="reply">The SHA-256 of the reply, or default.</param>
    /// <returns>False if the proof does not hold, or the session remembers no such command.</returns>
    public bool TryVerify(Command command, FinalityVerifier verifier, out Digest reply)
    {
        reply = default;
        bool isProven = Opening.Cluster == verifier.Cluster
            && Opening.Root == Header.StateRoot
            && InSessions.VerifyPresence(
                SessionTable.KeyOf(command.Client), Ledgers.Session.DigestOf(Session.Span), Opening.Sessions)
            && Link?.Leads(Header) != false
            && verifier.IsFinal(Link?.Later ?? Header, Finality);
        return isProven && TryFind(command, out reply);
    }

    /// <summary>The encoded proof.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(16_384);
        writer.U8(FormatVersion);
        Header.WriteTo(writer);
        writer.Flag(Link is not null);
        Link?.WriteTo(writer);
        Finality.WriteTo(writer);
        Opening.WriteTo(writer);
        InSessions.WriteTo(writer);
        writer.Opaque16(Session.Span);
        return writer.ToArray();
    }

    /// <summary>Decodes a proof without verifying it.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False unless the encoding is canonical.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out SessionReplyProof? proof)
    {
        proof = null;
        var reader = new WireReader(encoded);
        bool known = reader.U8() == FormatVersion;
        BlockHeader header = BlockHeader.Read(ref reader);
        HistoryLink? link = null;
        if (!known || (reader.Flag() && !HistoryLink.TryRead(ref reader, out link))
            || !FinalityProof.TryRead(ref reader, out FinalityProof? finality)
            || !StateOpening.TryRead(ref reader, out StateOpening? opening)
            || !MapProof.TryRead(ref reader, out MapProof? place))
        {
            return false;
        }

        byte[] session = reader.Opaque16().ToArray();
        proof = reader.AtEnd ? new SessionReplyProof(header, link, finality, opening, place, session) : null;
        return proof is not null;
    }

    private bool TryFind(Command command, out Digest reply)
    {
        reply = default;
        var reader = new WireReader(Session.Span);
        Session session = Ledgers.Session.Read(ref reader);
        if (!reader.AtEnd || session.Client != command.Client)
        {
            return false;
        }

        WireWriter writer = new(Command.OverheadSize + command.Payload.Length);
        command.WriteTo(writer);
        Digest hash = MerkleHash.Entry(writer.Written);
        foreach (SessionReply known in session.Replies)
        {
            if (known.Sequence == command.Sequence && known.Command == hash)
            {
                reply = known.ComputeReplyDigest();
                return true;
            }
        }

        return false;
    }
}
