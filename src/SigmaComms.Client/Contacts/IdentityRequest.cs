namespace SigmaComms.Client.Contacts;

/// <summary>Asks who is behind a name.</summary>
internal sealed record IdentityRequest(string Name, TaskCompletionSource<PeerIdentity> Answer) : IContactRequest
{
    /// <inheritdoc/>
    public void Fail(ClientException failure) => Answer.TrySetException(failure);
}
