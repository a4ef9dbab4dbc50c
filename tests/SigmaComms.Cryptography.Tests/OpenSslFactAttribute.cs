using SigmaComms.Cryptography.Tests.KeyFormats;

namespace SigmaComms.Cryptography.Tests;

/// <summary>A test against OpenSSL 3.5; skipped with the reason where it cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute()
    {
        Skip = OpenSsl.Absent;
    }
}
