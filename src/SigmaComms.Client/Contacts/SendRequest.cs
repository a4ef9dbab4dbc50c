using SigmaComms.Client.Sessions;

namespace SigmaComms.Client.Contacts;

/// <summary>Send to somebody by name.</summary>
internal sealed record SendRequest(MessageHandle Handle, EnvelopeKind Kind, ReadOnlyMemory<byte> Body) : IContactRequest
{
    /// <inheritdoc/>
    public string Name => Handle.To;

    /// <inheritdoc/>
    public void Fail(ClientException failure) => Handle.Fail(failure);
}
