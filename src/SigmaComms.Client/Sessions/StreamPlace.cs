namespace SigmaComms.Client.Sessions;

/// <summary>Where an envelope stands in what its sender says to this device.</summary>
/// <param name="Stream">
/// Names the sender's numbering, at random. A sender that lost what it had stored begins another one, so that its new
/// numbers are not taken for repeats of the old ones.
/// </param>
/// <param name="Counter">Place in the stream from 1 without gaps; 0 for a receipt, which has no place.</param>
/// <param name="Floor">
/// The lowest counter that the sender can still send: everything below it was acknowledged. A receiver that lacks
/// something below it has lost what it had stored, and goes on from here.
/// </param>
public readonly record struct StreamPlace(ulong Stream, ulong Counter, ulong Floor)
{
    /// <summary>Whether a sender may say this.</summary>
    public bool IsValid => Stream != 0 && Floor is >= 1 and <= Envelope.CounterMax
        && Counter <= Envelope.CounterMax && (Counter == 0 || Floor <= Counter);
}
