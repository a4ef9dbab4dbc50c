using System.Collections.Immutable;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Signers;

/// <summary>What is known of a signer. Byte table: docs/formats/signers.md.</summary>
/// <param name="Signer">The hash of its key.</param>
/// <param name="Sponsors">The members that vouch for it; empty of a member that nobody vouched for.</param>
/// <param name="Guests">How many keys it vouches for.</param>
/// <param name="Spent">What it and its guests left behind for ever, in units.</param>
public sealed record SignerAccount(NodeId Signer, ImmutableSortedSet<NodeId> Sponsors, uint Guests, uint Spent)
    : IMerkleValue
{
    /// <summary>The most sponsors of one key: 4, so that one that is evicted can be replaced.</summary>
    public const int SponsorsMax = 4;

    private static ReadOnlySpan<byte> Label => "signer"u8;

    /// <summary>An account that nothing is known of.</summary>
    /// <param name="signer">The hash of its key.</param>
    public static SignerAccount Of(NodeId signer) => new(signer, [], 0, 0);

    /// <inheritdoc/>
    public Digest ComputeDigest()
    {
        WireWriter writer = new(256);
        writer.Opaque8(Label);
        WriteTo(writer);
        return Digest.Sha256(writer.Written);
    }

    /// <summary>Writes the account.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        writer.Digest(Signer.Value).U8((byte)Sponsors.Count);
        foreach (NodeId sponsor in Sponsors)
        {
            writer.Digest(sponsor.Value);
        }

        writer.U32(Guests).U32(Spent);
    }

    /// <summary>Reads an account; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    public static SignerAccount Read(ref WireReader reader)
    {
        NodeId signer = new(reader.Digest());
        int count = reader.U8();
        if (count > SponsorsMax)
        {
            reader.Fail();
        }

        var sponsors = ImmutableSortedSet.CreateBuilder<NodeId>();
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            NodeId sponsor = new(reader.Digest());
            if (i > 0 && sponsor <= sponsors.Max)
            {
                reader.Fail();
            }

            sponsors.Add(sponsor);
        }

        return new SignerAccount(signer, sponsors.ToImmutable(), reader.U32(), reader.U32());
    }
}
