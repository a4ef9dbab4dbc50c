using SigmaComms.Cryptography.Entropy;

namespace SigmaComms.Messaging.Links;

/// <summary>Which cluster: 16 random bytes that the operator made once.</summary>
/// <param name="Value">The bytes.</param>
public readonly record struct ClusterId(Digest16 Value)
{
    /// <summary>Size in bytes: 16.</summary>
    public const int SizeBytes = Digest16.SizeBytes;

    /// <summary>The id of a new cluster.</summary>
    /// <param name="random">Where its bytes come from.</param>
    public static ClusterId Create(IRandomSource random) => new(Digest16.Random(random));

    /// <summary>Reads 32 hexadecimal digits.</summary>
    /// <param name="text">The digits.</param>
    /// <param name="id">The id, or default.</param>
    /// <returns>False if the text is anything else.</returns>
    public static bool TryParse(string? text, out ClusterId id)
    {
        bool ok = Digest16.TryParse(text, out Digest16 value);
        id = new ClusterId(value);
        return ok;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();
}
