using System.Buffers.Binary;

namespace SigmaComms.Cryptography.Hpke;

/// <summary>Key derivation with labels that say the standard, the suite and the use.</summary>
/// <standard>RFC 9180, section 4; draft-ietf-hpke-hpke, section 4 (derivation in one stage).</standard>
internal static class HpkeLabels
{
    private const int LengthSize = 2;

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    /// <summary>LabeledExtract.</summary>
    public static void Extract(
        HpkeKdf kdf,
        ReadOnlySpan<byte> suite,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> inputKey,
        Span<byte> extracted)
    {
        using SecretBytes labeled = new(Version.Length + suite.Length + label.Length + inputKey.Length);
        Join(labeled.Span, Version, suite, label, inputKey);
        kdf.Algorithm.Extract(salt, labeled.Span, extracted);
    }

    /// <summary>LabeledExpand.</summary>
    public static void Expand(
        HpkeKdf kdf,
        ReadOnlySpan<byte> suite,
        ReadOnlySpan<byte> extracted,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> info,
        Span<byte> output)
    {
        byte[] labeled = new byte[LengthSize + Version.Length + suite.Length + label.Length + info.Length];
        BinaryPrimitives.WriteUInt16BigEndian(labeled, (ushort)output.Length);
        Join(labeled.AsSpan(LengthSize), Version, suite, label, info);
        kdf.Algorithm.Expand(extracted, labeled, output);
    }

    /// <summary>LabeledDerive of SHAKE256, without a context.</summary>
    public static void DeriveByShake256(
        ReadOnlySpan<byte> suite, ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> labelSize = stackalloc byte[LengthSize];
        Span<byte> outputSize = stackalloc byte[LengthSize];
        BinaryPrimitives.WriteUInt16BigEndian(labelSize, (ushort)label.Length);
        BinaryPrimitives.WriteUInt16BigEndian(outputSize, (ushort)output.Length);
        using SecretBytes labeled = new(
            inputKey.Length + Version.Length + suite.Length + LengthSize + label.Length + LengthSize);
        inputKey.CopyTo(labeled.Span);
        Span<byte> rest = labeled.Span[inputKey.Length..];
        Join(rest, Version, suite, labelSize, label);
        outputSize.CopyTo(rest[^LengthSize..]);
        Hashing.Shake256.HashData(labeled.Span, output);
    }

    private static void Join(
        Span<byte> output,
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> second,
        ReadOnlySpan<byte> third,
        ReadOnlySpan<byte> fourth)
    {
        first.CopyTo(output);
        output = output[first.Length..];
        second.CopyTo(output);
        output = output[second.Length..];
        third.CopyTo(output);
        fourth.CopyTo(output[third.Length..]);
    }
}
