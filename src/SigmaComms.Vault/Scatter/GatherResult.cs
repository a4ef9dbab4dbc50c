namespace SigmaComms.Vault.Scatter;

/// <summary>How reading stripes went.</summary>
/// <param name="Status">Whether it worked, or why not.</param>
/// <param name="Stripe">The stripe that could not be read, or default.</param>
/// <param name="Missing">How many more fragments of it are needed.</param>
/// <param name="Faults">Fragments that were missing or wrong, for the repair; the first 1,024.</param>
public sealed record GatherResult(
    GatherStatus Status, StripeId Stripe, int Missing, IReadOnlyList<FragmentFault> Faults);
