namespace SigmaComms.Client.Contacts;

/// <summary>Asks for the safety number with somebody.</summary>
internal sealed record SafetyNumberRequest(string Name, TaskCompletionSource<string> Answer) : IContactRequest
{
    /// <inheritdoc/>
    public void Fail(ClientException failure) => Answer.TrySetException(failure);
}
