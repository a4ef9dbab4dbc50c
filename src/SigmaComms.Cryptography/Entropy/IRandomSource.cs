namespace SigmaComms.Cryptography.Entropy;

/// <summary>Where random bytes come from. Pure cores take one as an argument.</summary>
public interface IRandomSource
{
    /// <summary>Fills the whole span with unpredictable bytes.</summary>
    /// <param name="destination">Any size.</param>
    void Fill(Span<byte> destination);
}
