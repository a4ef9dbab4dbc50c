namespace SigmaComms.Client.Contacts;

/// <summary>What the user decided about a changed identity.</summary>
/// <param name="Shown">What the user was shown.</param>
/// <param name="IsAccepted">Whether to trust it from now on, or never.</param>
/// <param name="Answer">Ends when that is durable.</param>
internal sealed record IdentityDecision(PeerIdentity Shown, bool IsAccepted, TaskCompletionSource Answer)
    : IContactRequest
{
    /// <inheritdoc/>
    public string Name => Shown.Name;

    /// <inheritdoc/>
    public void Fail(ClientException failure) => Answer.TrySetException(failure);
}
