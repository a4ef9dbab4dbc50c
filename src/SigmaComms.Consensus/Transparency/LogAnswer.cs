using System.Diagnostics.CodeAnalysis;
using SigmaComms.Consensus.Proofs;
using SigmaComms.Cryptography.Encoding;

namespace SigmaComms.Consensus.Transparency;

/// <summary>
/// What a node shows of the log to somebody who trusts the validators' keys alone. Byte table:
/// docs/formats/log-answer.md.
/// </summary>
/// <param name="Handovers">From the asker's epoch on, one after the other.</param>
/// <param name="Head">
/// What was asked for, in the epoch that the hand-overs reach; null if there are more of them, so that the asker asks
/// again from where it is then.
/// </param>
public sealed record LogAnswer(IReadOnlyList<EpochHandover> Handovers, HeadProof? Head)
{
    /// <summary>The most hand-overs in one answer: 64.</summary>
    public const int HandoversMax = 64;

    /// <summary>The most bytes of hand-overs in one answer: 640 KiB, more than any single one has.</summary>
    public const int HandoverBytesMax = 640 * 1024;

    /// <summary>The most bytes of an encoded answer: 1,048,561, as in a frame of a link.</summary>
    public const int EncodedSizeMax = (1024 * 1024) - 15;

    private const byte FormatVersion = 1;
    private const byte ExtendedVersion = 2;

    /// <summary>The encoded answer.</summary>
    public byte[] Encode()
    {
        WireWriter writer = new(32_768);
        writer.U8(Head is { IsExtended: true } ? ExtendedVersion : FormatVersion).U8(checked((byte)Handovers.Count));
        foreach (EpochHandover handover in Handovers)
        {
            handover.WriteTo(writer);
        }

        writer.Flag(Head is not null);
        Head?.WriteTo(writer);
        return writer.ToArray();
    }

    /// <summary>Reads an answer without verifying what it shows.</summary>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="answer">The answer, or null.</param>
    /// <returns>False unless the encoding is canonical and says something.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out LogAnswer? answer)
    {
        answer = null;
        var reader = new WireReader(encoded);
        byte version = reader.U8();
        bool isKnown = version is FormatVersion or ExtendedVersion && encoded.Length <= EncodedSizeMax;
        int count = reader.U8();
        if (!isKnown || reader.Failed || count > HandoversMax)
        {
            return false;
        }

        List<EpochHandover> handovers = [];
        for (int i = 0; i < count; i++)
        {
            if (!EpochHandover.TryRead(ref reader, out EpochHandover? handover))
            {
                return false;
            }

            handovers.Add(handover);
        }

        HeadProof? head = null;
        if (reader.Flag() && !HeadProof.TryRead(ref reader, version == ExtendedVersion, out head))
        {
            return false;
        }

        bool isCanonical = reader.AtEnd && (head is not null || (count > 0 && version == FormatVersion));
        answer = isCanonical ? new LogAnswer(handovers, head) : null;
        return answer is not null;
    }
}
