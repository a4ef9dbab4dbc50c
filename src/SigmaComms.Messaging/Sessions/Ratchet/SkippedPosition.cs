namespace SigmaComms.Messaging.Sessions.Ratchet;

/// <summary>Where a skipped message stands: the serial number of its chain, and its number in it.</summary>
internal readonly record struct SkippedPosition(uint Serial, uint N) : IComparable<SkippedPosition>
{
    /// <inheritdoc/>
    public int CompareTo(SkippedPosition other)
    {
        int order = Serial.CompareTo(other.Serial);
        return order != 0 ? order : N.CompareTo(other.N);
    }
}
