using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels.Certificates;

namespace SigmaComms.Messaging.Channels;

/// <summary>Who this end is: an ML-DSA-65 key and the self-signed certificate that carries it.</summary>
/// <standard>RFC 5280 (X.509 version 3), RFC 9881 (ML-DSA in X.509).</standard>
public sealed class TlsIdentity : IDisposable
{
    /// <summary>Pairs a key with a certificate, unchecked: tests play an impostor with it.</summary>
    internal TlsIdentity(MlDsa65SigningKey key, ReadOnlyMemory<byte> certificateDer)
    {
        Key = key;
        CertificateDer = certificateDer;
    }

    /// <summary>The signing key; disposed with this.</summary>
    public MlDsa65SigningKey Key { get; }

    /// <summary>The certificate as it is sent.</summary>
    public ReadOnlyMemory<byte> CertificateDer { get; }

    /// <summary>The id that peers see.</summary>
    public NodeId Id => Key.Id;

    /// <summary>Makes and signs a certificate.</summary>
    /// <param name="key">The key; this object disposes it.</param>
    /// <param name="commonName">A name for people, 1 to 64 characters; decides nothing.</param>
    /// <param name="notBefore">First second of validity.</param>
    /// <param name="notAfter">Last second of validity.</param>
    /// <param name="random">For the serial number and the signature.</param>
    public static TlsIdentity Create(
        MlDsa65SigningKey key,
        string commonName,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(commonName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(commonName.Length, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(notBefore, notAfter);
        ArgumentNullException.ThrowIfNull(random);
        return new TlsIdentity(key, CertificateWriter.Write(key, commonName, notBefore, notAfter, random));
    }

    /// <summary>Takes a certificate that was made before.</summary>
    /// <param name="key">The key that the certificate carries; this object disposes it.</param>
    /// <param name="certificateDer">The certificate.</param>
    /// <exception cref="ArgumentException">The certificate is not of this profile or carries another key.</exception>
    public static TlsIdentity FromCertificate(MlDsa65SigningKey key, ReadOnlyMemory<byte> certificateDer)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (NodeCertificate.TryParse(certificateDer.Span, out NodeCertificate? parsed) != CertificateFault.None
            || !parsed!.PublicKey.Span.SequenceEqual(key.PublicKey.Span))
        {
            throw new ArgumentException("The certificate does not carry this key.", nameof(certificateDer));
        }

        return new TlsIdentity(key, certificateDer.ToArray());
    }

    /// <summary>Disposes the key.</summary>
    public void Dispose() => Key.Dispose();
}
