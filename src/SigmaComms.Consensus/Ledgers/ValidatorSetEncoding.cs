using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Consensus.Ledgers;

/// <summary>How a validator set travels, is stored and is hashed. Byte table: docs/formats/ledger-proofs.md.</summary>
public static class ValidatorSetEncoding
{
    private static ReadOnlySpan<byte> Label => "SigmaComms validator set v1"u8;

    /// <summary>Writes a set.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="set">The set.</param>
    public static void Write(WireWriter writer, ValidatorSet set)
    {
        writer.U64(set.Epoch.Value).U8((byte)set.Count);
        foreach (Validator validator in set.Members)
        {
            writer.Digest(validator.Node.Value).U32(validator.Incarnation).Opaque16(validator.VotingKey.Span);
        }
    }

    /// <summary>Reads a set; the reader fails if there is none.</summary>
    /// <param name="reader">Untrusted bytes.</param>
    /// <param name="set">The set, or null.</param>
    /// <returns>False, with a failed reader, unless nodes ascend strictly and no key stands there twice.</returns>
    public static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out ValidatorSet? set)
    {
        set = null;
        Epoch epoch = new(reader.U64());
        int count = reader.U8();
        if (count is 0 or > ValidatorSet.CountMax)
        {
            reader.Fail();
        }

        List<Validator> validators = [];
        SortedSet<Digest> keys = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            NodeId node = new(reader.Digest());
            uint incarnation = reader.U32();
            byte[] key = reader.Opaque16(MlDsa65.PublicKeySize).ToArray();
            bool ascends = i == 0 || validators[^1].Node < node;
            if (!ascends || !keys.Add(Digest.Sha256(key)))
            {
                reader.Fail();
            }

            validators.Add(new Validator(node, incarnation, key));
        }

        set = reader.Failed ? null : new ValidatorSet(epoch, validators);
        return set is not null;
    }

    /// <summary>Binds the epoch, the nodes, their incarnations and their keys.</summary>
    /// <param name="set">The set.</param>
    public static Digest DigestOf(ValidatorSet set)
    {
        WireWriter writer = new(Label.Length + 16 + (set.Count * 2_048));
        writer.Opaque8(Label);
        Write(writer, set);
        return Digest.Sha256(writer.Written);
    }
}
