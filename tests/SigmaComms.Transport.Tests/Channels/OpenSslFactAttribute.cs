namespace SigmaComms.Transport.Tests.Channels;

/// <summary>A test that is skipped, with the reason, where OpenSSL 3.5 cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenSslFactAttribute : FactAttribute
{
    public OpenSslFactAttribute() => Skip = OpenSsl.Absent!;
}
