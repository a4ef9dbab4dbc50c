namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>What is wrong with a certificate.</summary>
internal enum CertificateFault
{
    None,
    Malformed,
    Unsupported,
    BadSignature,
}
