namespace SigmaComms.Vault.Scatter;

/// <summary>What a node gave for a fragment, in room of its own until it is verified.</summary>
/// <param name="Attempt">What was asked.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Room">The bytes if it is done; disposed by whoever takes the fetch.</param>
internal sealed record FragmentFetch(FragmentAttempt Attempt, StoreStatus Status, StripeBuffer Room) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Room.Dispose();
}
