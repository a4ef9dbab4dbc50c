using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Votes;

/// <summary>A ballot under a validator's signature.</summary>
/// <param name="Ballot">What it says.</param>
/// <param name="Voter">The validator's place in the epoch's set.</param>
/// <param name="Incarnation">The incarnation it signed as; part of what is signed.</param>
/// <param name="Signature">ML-DSA-65, 3,309 bytes.</param>
public sealed record Vote(Ballot Ballot, byte Voter, uint Incarnation, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The longest signature: 3,309 bytes.</summary>
    public const int SignatureSizeMax = 3_309;

    /// <summary>Writes the vote.</summary>
    /// <param name="writer">Receives it.</param>
    public void WriteTo(WireWriter writer)
    {
        Ballot.WriteTo(writer);
        writer.U8(Voter).U32(Incarnation).Opaque16(Signature.Span);
    }

    /// <summary>Reads a vote; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    public static Vote Read(ref WireReader reader)
    {
        Ballot ballot = Ballot.Read(ref reader);
        byte voter = reader.U8();
        uint incarnation = reader.U32();
        byte[] signature = reader.Opaque16(SignatureSizeMax).ToArray();
        if (voter >= ValidatorSet.CountMax || signature.Length == 0)
        {
            reader.Fail();
        }

        return new Vote(ballot, voter, incarnation, signature);
    }
}
