using System.Buffers.Binary;
using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>Makes ML-DSA-65 keys that sign one message with their first candidate, and without a hint.</summary>
/// <remarks>
/// All have the same rho, K and tr, so the mask and the first challenge are the same for all, whatever s1 and s2 are:
/// a signature with that challenge took the first candidate. With t0 = 0 there is nothing to hint at.
/// </remarks>
internal sealed class FirstTimeKeys
{
    /// <summary>How a zero of s1 and s2 stands in the key: 4 - 0, in four bits.</summary>
    public const int PackedZero = 4;

    private const int SecretBound = 4;
    private const int SecretsStart = 128;
    private const int SecretsSize = (5 + 6) * 128;
    private const int ChallengeSize = 48;
    private const int MaskRowSize = 640;

    private readonly byte[] _message = new byte[4];
    private readonly byte[] _zeroKey = MakeZeroKey();
    private readonly byte[] _challenge;

    public FirstTimeKeys()
    {
        // With zeros for secrets the response is the mask: a message is looked for whose first mask is taken.
        byte[] signature = new byte[MlDsa65.SignatureSize];
        do
        {
            BinaryPrimitives.WriteInt32LittleEndian(_message, BinaryPrimitives.ReadInt32LittleEndian(_message) + 1);
            Sign(_zeroKey, signature);
        }
        while (!signature.AsSpan(ChallengeSize, MaskRowSize).SequenceEqual(FirstMask()) || !IsTakenOften(signature));

        _challenge = signature[..ChallengeSize];
    }

    /// <summary>The packed s1 and s2 of a key.</summary>
    public static ReadOnlySpan<byte> SecretsOf(ReadOnlySpan<byte> key) => key.Slice(SecretsStart, SecretsSize);

    /// <summary>A key with random secrets.</summary>
    public byte[] Make(Random random)
    {
        byte[] signature = new byte[MlDsa65.SignatureSize];
        byte[] key;
        do
        {
            key = MakeAny(random);
            Sign(key, signature);
        }
        while (!signature.AsSpan(0, ChallengeSize).SequenceEqual(_challenge));

        return key;
    }

    /// <summary>Signs the message.</summary>
    public void Sign(byte[] key, byte[] signature) => Assert.True(
        MlDsa65.TrySignWithPrivateKey(key, _message, default, new byte[MlDsa65.RandomnessSize], signature));

    private static byte[] MakeZeroKey()
    {
        byte[] key = new byte[MlDsa65.PrivateKeySize];
        key.AsSpan(SecretsStart, SecretsSize).Fill(PackedZero | (PackedZero << 4));

        // Each coefficient of t0 has 13 bits, 2^12 - 0.
        int first = 8 * (SecretsStart + SecretsSize);
        for (int bit = first + 12; bit < 8 * key.Length; bit += 13)
        {
            key[bit / 8] |= (byte)(1 << (bit % 8));
        }

        return key;
    }

    private byte[] MakeAny(Random random)
    {
        byte[] key = [.. _zeroKey];
        for (int i = SecretsStart; i < SecretsStart + SecretsSize; i++)
        {
            key[i] = (byte)(random.Next((2 * SecretBound) + 1) | (random.Next((2 * SecretBound) + 1) << 4));
        }

        return key;
    }

    private bool IsTakenOften(byte[] zeroSignature)
    {
        Random random = new(1);
        byte[] signature = new byte[MlDsa65.SignatureSize];
        int taken = 0;
        for (int i = 0; i < 16; i++)
        {
            Sign(MakeAny(random), signature);
            taken += signature.AsSpan(0, ChallengeSize).SequenceEqual(zeroSignature.AsSpan(0, ChallengeSize)) ? 1 : 0;
        }

        return taken >= 8;
    }

    // FIPS 204, algorithm 7, lines 6 and 7, and algorithm 34: the mask's first polynomial as it is packed.
    private byte[] FirstMask()
    {
        byte[] representative = new byte[64];
        byte[] maskSeed = new byte[64];
        byte[] mask = new byte[MaskRowSize];
        Shake256.HashData([.. _zeroKey.AsSpan(64, 64), 0, 0, .. _message], representative);
        Shake256.HashData(
            [.. _zeroKey.AsSpan(32, 32), .. new byte[MlDsa65.RandomnessSize], .. representative], maskSeed);
        Shake256.HashData([.. maskSeed, 0, 0], mask);
        return mask;
    }
}
