namespace SigmaComms.Client.Contacts;

/// <summary>The user accepts the changed identity of somebody.</summary>
internal sealed record AcceptRequest(string Name, TaskCompletionSource Answer) : IContactRequest
{
    /// <inheritdoc/>
    public void Fail(ClientException failure) => Answer.TrySetException(failure);
}
