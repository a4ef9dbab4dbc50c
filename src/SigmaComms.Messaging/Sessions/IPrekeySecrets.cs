namespace SigmaComms.Messaging.Sessions;

/// <summary>
/// The private halves of this device's published prekeys. Sessions only read; what must be deleted or remembered
/// leaves in the <see cref="DecryptResult"/>, so that the owner can store it together with the session's new state.
/// </summary>
public interface IPrekeySecrets
{
    /// <summary>Reads a signed prekey.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="privateKey">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False if there is none with this id.</returns>
    bool TryGetSignedPrekey(uint id, Span<byte> privateKey);

    /// <summary>Reads a one-time X25519 prekey.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="privateKey">Receives 32 secret bytes; the caller zeroes them.</param>
    /// <returns>False if there is none with this id, or it was used.</returns>
    bool TryGetOneTimePrekey(uint id, Span<byte> privateKey);

    /// <summary>Reads an ML-KEM-1024 prekey.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="seed">Receives the 64 secret bytes d | z; the caller zeroes them.</param>
    /// <param name="isLastResort">Whether it is handed out more than once.</param>
    /// <returns>False if there is none with this id, or it was a one-time key and was used.</returns>
    bool TryGetKemPrekey(uint id, Span<byte> seed, out bool isLastResort);

    /// <summary>Whether a first message with this ephemeral key was already accepted under a last-resort key.</summary>
    /// <param name="kemPrekeyId">The last-resort key.</param>
    /// <param name="ephemeralKey">The initiator's ephemeral X25519 public key, 32 bytes.</param>
    bool WasLastResortUsed(uint kemPrekeyId, ReadOnlySpan<byte> ephemeralKey);
}
