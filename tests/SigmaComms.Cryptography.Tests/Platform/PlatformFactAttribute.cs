namespace SigmaComms.Cryptography.Tests.Platform;

/// <summary>
/// A test that needs the framework's ML-KEM and ML-DSA; tests/tools/with-openssl35.sh runs it where it can.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PlatformFactAttribute : FactAttribute
{
    public PlatformFactAttribute()
    {
        if (!CryptographyPolicy.IsPlatformSupported)
        {
            Skip = "The framework finds no OpenSSL 3.5 here; tests/tools/with-openssl35.sh dotnet test ... runs it.";
        }
    }
}
