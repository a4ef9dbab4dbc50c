namespace SigmaComms.Node.Seq;

/// <summary>One template and what became of it.</summary>
/// <param name="Template">The template.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Id">Its entity on the server; null if there is none.</param>
/// <param name="Why">Why it failed or was skipped, or null.</param>
/// <param name="IsNotAuthorised">Whether the key may not do it.</param>
internal sealed record ProvisionedEntity(
    SeqTemplate Template, ProvisionOutcome Outcome, string? Id, string? Why = null, bool IsNotAuthorised = false)
{
    /// <summary>Whether the server has it as it shall be.</summary>
    public bool IsDone => Outcome is ProvisionOutcome.Created or ProvisionOutcome.Updated or ProvisionOutcome.Left;
}
