namespace SigmaComms.Cluster.Control.Reads;

/// <summary>Reads what is final at present, whoever made it so. Reply: <see cref="ReadAnswer"/>.</summary>
/// <param name="Patience">When to give up.</param>
internal sealed record ReadNow(TimeSpan Patience);
