namespace SigmaComms.Client.Sessions;

/// <summary>What a device has of the other side.</summary>
/// <param name="Stream">The other side's stream that is meant; 0 before anything of it came.</param>
/// <param name="UpTo">Everything in that stream up to this counter is there, or will never be needed.</param>
public readonly record struct StreamAcknowledgement(ulong Stream, ulong UpTo)
{
    /// <summary>Whether a device may say this.</summary>
    public bool IsValid => UpTo <= Envelope.CounterMax && (Stream != 0 || UpTo == 0);
}
