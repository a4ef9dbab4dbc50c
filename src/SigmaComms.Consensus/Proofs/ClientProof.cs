using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Blocks;
using SigmaComms.Consensus.Commands;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Proofs;

/// <summary>
/// Shows a client that its command is in the log for ever: command, root of commands, header, perhaps the history of a
/// later header, and one finalization. Whoever checks it trusts the validators' keys and nobody else. Byte table:
/// docs/formats/ledger-proofs.md.
/// </summary>
/// <param name="Place">Where the command stands in the block's body.</param>
/// <param name="Header">The block.</param>
/// <param name="Link">
/// Leads to a later block, perhaps of a later epoch; null if the block's own finality is shown.
/// </param>
/// <param name="Finality">Shows that the later block, or the block itself, is final.</param>
public sealed record ClientProof(CommandPlace Place, BlockHeader Header, HistoryLink? Link, FinalityProof Finality)
{
    private const byte FormatVersion = 1;

    /// <summary>Whether the command is in the log, at the height that <see cref="Header"/> says.</summary>
    /// <param name="command">The command.</param>
    /// <param name="verifier">Knows the validators of the epoch of the block whose finality is shown.</param>
    public bool Verify(Command command, FinalityVerifier verifier) =>
        Place.TryRoot(command, out Cryptography.Digest root)
        && root == Header.CommandsRoot
        && Link?.Leads(Header) != false
        && verifier.IsFinal(Link?.Later ?? Header, Finality);

    /// <summary>The encoded proof.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(4_096);
        writer.U8(FormatVersion);
        Place.WriteTo(writer);
        Header.WriteTo(writer);
        writer.Flag(Link is not null);
        Link?.WriteTo(writer);
        Finality.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Decodes a proof without verifying it.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="proof">The proof, or null.</param>
    /// <returns>False unless the encoding is canonical.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out ClientProof? proof)
    {
        proof = null;
        var reader = new WireReader(encoded);
        bool known = reader.U8() == FormatVersion;
        if (!known || !CommandPlace.TryRead(ref reader, out CommandPlace? place))
        {
            return false;
        }

        BlockHeader header = BlockHeader.Read(ref reader);
        HistoryLink? link = null;
        if (reader.Flag() && !HistoryLink.TryRead(ref reader, out link))
        {
            return false;
        }

        if (!FinalityProof.TryRead(ref reader, out FinalityProof? finality) || !reader.AtEnd)
        {
            return false;
        }

        proof = new ClientProof(place, header, link, finality);
        return true;
    }
}
