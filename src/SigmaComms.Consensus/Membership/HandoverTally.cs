namespace SigmaComms.Consensus.Membership;

/// <summary>
/// How many of each kind of change an epoch's end makes, and whether the next epoch can live with it.
/// </summary>
/// <param name="Forced">Validators removed because they were convicted, evicted or lost the role.</param>
/// <param name="Voluntary">Validators that wish to go.</param>
/// <param name="Added">Validators that join.</param>
/// <param name="Renewed">Validators that come back under a new incarnation.</param>
internal readonly record struct HandoverTally(int Forced, int Voluntary, int Added, int Renewed)
{
    /// <summary>The rule of docs/formats/membership.md, "Hand-over".</summary>
    public bool IsSafeFrom(ValidatorSet current)
    {
        int changes = Forced + Voluntary + Added + Renewed;
        int next = current.Count - Forced - Voluntary + Added;
        if (changes > Math.Max(1, current.FaultsMax) || next is < 1 or > ValidatorSet.CountMax)
        {
            return false;
        }

        int faultsNext = (next - 1) / 3;
        int quorumNext = ((next + faultsNext) / 2) + 1;
        int faultyLeft = Math.Max(0, current.FaultsMax - Forced);
        return faultsNext >= faultyLeft && next - faultyLeft >= quorumNext;
    }
}
