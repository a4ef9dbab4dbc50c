namespace SigmaComms.Transport.Tests.Channels;

/// <summary>A theory that is skipped, with the reason, where OpenSSL 3.5 cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpenSslTheoryAttribute : TheoryAttribute
{
    public OpenSslTheoryAttribute() => Skip = OpenSsl.Absent!;
}
