using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>What came of opening a log.</summary>
/// <param name="State">How it was found.</param>
/// <param name="Log">The open log; null if there is none or it is damaged.</param>
/// <param name="Damage">What is wrong; null if it is not damaged.</param>
/// <param name="TornBytes">Bytes that were cut off.</param>
internal sealed record WalOpening(WalState State, WriteAheadLog? Log, WalDamage? Damage, int TornBytes)
{
    /// <summary>Whether the log can be used.</summary>
    [MemberNotNullWhen(true, nameof(Log))]
    [MemberNotNullWhen(false, nameof(Damage))]
    public bool IsOpen => Log is not null;
}
