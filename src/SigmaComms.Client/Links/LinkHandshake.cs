namespace SigmaComms.Client.Links;

/// <summary>What the channel's handshake negotiated and cost.</summary>
/// <param name="Group">Key exchange.</param>
/// <param name="Suite">Cipher suite.</param>
/// <param name="SignatureScheme">Signature of both certificates.</param>
/// <param name="BytesSent">Bytes of the handshake to the node.</param>
/// <param name="BytesReceived">Bytes of the handshake from the node.</param>
/// <param name="Duration">From the first byte to the last.</param>
public sealed record LinkHandshake(
    string Group, string Suite, string SignatureScheme, int BytesSent, int BytesReceived, TimeSpan Duration);
