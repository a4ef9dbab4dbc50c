using System.Globalization;
using SigmaComms.Vault.Scatter;

namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>Sizes and names of volumes and slots.</summary>
/// <standard>docs/formats/vault-volume.md.</standard>
internal static class VolumeLayout
{
    /// <summary>Slots begin and end at multiples of this.</summary>
    public const int BlockSize = 4_096;

    /// <summary>The smallest volume that a node may be told to make.</summary>
    public const long SizeMinBytes = 16L << 20;

    /// <summary>Bytes of the sealed head of a slot: nonce, content, tag.</summary>
    public const int HeadSize = NonceSize + HeadContentSize + TagSize;

    /// <summary>Bytes that the head seals.</summary>
    public const int HeadContentSize = 32;

    /// <summary>Bytes of a nonce.</summary>
    public const int NonceSize = 12;

    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = 16;

    /// <summary>The longest label: k + m is 255.</summary>
    public const int LabelSizeMax = FragmentLabel.EncodedSizeMax;

    private const int ContentAlignment = 64;
    private const string Prefix = "volume-";
    private const string UnfinishedSuffix = ".new";

    /// <summary>Where the content begins in a slot.</summary>
    public static int ContentOffset(int labelSize) =>
        (HeadSize + NonceSize + labelSize + TagSize + ContentAlignment - 1) / ContentAlignment * ContentAlignment;

    /// <summary>Bytes of the slot of a fragment.</summary>
    public static int SlotSize(int labelSize, int contentLength) =>
        (ContentOffset(labelSize) + contentLength + BlockSize - 1) / BlockSize * BlockSize;

    /// <summary>The largest slot: of the longest fragment with the longest label.</summary>
    public static int SlotSizeMax => SlotSize(LabelSizeMax, FragmentLabel.LengthMax);

    /// <summary>The file of a volume.</summary>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D5}");

    /// <summary>The file of a volume that is not whole yet.</summary>
    public static string UnfinishedNameOf(int number) => NameOf(number) + UnfinishedSuffix;

    /// <summary>Whether it is the file of a volume that never became whole.</summary>
    public static bool IsUnfinished(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal);

    /// <summary>Whose file it is.</summary>
    public static bool TryParse(string name, out int number)
    {
        number = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0
            && NameOf(number) == name;
    }
}
