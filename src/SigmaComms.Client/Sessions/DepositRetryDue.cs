namespace SigmaComms.Client.Sessions;

/// <summary>The wait after a refused deposit is over.</summary>
internal sealed record DepositRetryDue;
