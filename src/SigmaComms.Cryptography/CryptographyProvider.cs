namespace SigmaComms.Cryptography;

/// <summary>Whose ML-KEM and ML-DSA are used.</summary>
public enum CryptographyProvider
{
    /// <summary>The faster one, which is our own.</summary>
    Auto,

    /// <summary>Our own managed code.</summary>
    Managed,

    /// <summary>The framework's, which is OpenSSL 3.5 or newer, for those who must use a certain module.</summary>
    Platform,
}
