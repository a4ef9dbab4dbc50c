using System.Diagnostics.CodeAnalysis;

namespace SigmaComms.Consensus.KeyDirectory;

/// <summary>Reads account records, which this assembly does not know; the same answer on every machine.</summary>
public interface IRecordJudge
{
    /// <summary>Reads a record and verifies its own signature. Never throws.</summary>
    /// <param name="record">Untrusted bytes.</param>
    /// <param name="claim">What it says, or null.</param>
    /// <returns>False unless the record is canonical and the account's key signed it.</returns>
    bool TryRead(ReadOnlySpan<byte> record, [NotNullWhen(true)] out RecordClaim? claim);
}
