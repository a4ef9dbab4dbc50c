using System.Security.Cryptography;
using SigmaComms.Messaging.Channels;

namespace SigmaComms.Transport.Tests.Channels;

/// <summary>OpenSSL's own key and certificate, and our certificates as it reads them.</summary>
public sealed class OpenSslFiles : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sigma-openssl-").FullName;

    public string Key => Path.Combine(_folder, "key.pem");

    public string Certificate => Path.Combine(_folder, "certificate.pem");

    public string OurClient => Path.Combine(_folder, "our-client.pem");

    public string OurServer => Path.Combine(_folder, "our-server.pem");

    public async Task InitializeAsync()
    {
        if (OpenSsl.Absent is not null)
        {
            return;
        }

        await OpenSsl.RunAsync("genpkey", "-algorithm", "ML-DSA-65", "-out", Key);
        await OpenSsl.RunAsync(
            "req", "-x509", "-new", "-key", Key, "-subj", "/CN=openssl", "-days", "30",
            "-addext", "basicConstraints=critical,CA:FALSE", "-out", Certificate);
        await WriteAsync(OurClient, TestPeers.Client);
        await WriteAsync(OurServer, TestPeers.Server);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private static Task WriteAsync(string path, TlsIdentity identity) =>
        File.WriteAllTextAsync(path, PemEncoding.WriteString("CERTIFICATE", identity.CertificateDer.Span) + "\n");
}
